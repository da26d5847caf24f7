import type { Random } from "../random.ts";
import { createJudge, type Judge, type JudgeSkill } from "./judge.ts";
import { createQuestionFinder, type KnownQuestion, type QuestionFinder } from "./known-questions.ts";
import { createRecordedAnswers, type RecordedAnswers, type Recordings } from "./recorded-answers.ts";

/** Questions whose answers are known, and how likely models are to give the right ones. Plain data. */
export interface AnswerKeys {
  readonly questions: readonly KnownQuestion[];
  /** What wrong answers are taken from where a question has no choices of its own. */
  readonly choices?: readonly string[];
  /** By model; a model that is not named answers as if nothing were known. */
  readonly skills: Readonly<Record<string, Skill>>;
  /** By model: judges of answers to these questions, and of recorded ones. */
  readonly judges?: Readonly<Record<string, JudgeSkill>>;
  /** What was recorded elsewhere. */
  readonly recordings?: Recordings;
}

/** What emulated models know. */
export interface Knowledge {
  readonly known: KnownAnswers;
  readonly judge: Judge;
  readonly recorded: RecordedAnswers;
}

/** Throws RangeError as `createKnownAnswers` and `createRecordedAnswers` do, and for probabilities out of [0, 1]. */
export function createKnowledge(keys: AnswerKeys, seed: string): Knowledge {
  const { judges = {}, recordings = { questions: [], prices: {} } } = keys;
  const questionIn = createQuestionFinder(keys.questions);
  for (const [model, { accuracy, first = 0, longer = 0 }] of Object.entries(judges)) {
    const accuracies = typeof accuracy === "number" ? [accuracy] : [accuracy.right, accuracy.wrong];
    for (const chance of [...accuracies, first, longer])
      checkShare(`probabilities of judge "${model}"`, chance);
  }
  return {
    known: createKnownAnswers(keys, questionIn),
    judge: createJudge({ seed, skills: judges, questionIn }),
    recorded: createRecordedAnswers(recordings),
  };
}

/** The probability of the right answer, of any question or of the easiest and the hardest; in between it is on the line. */
type Skill = number | { readonly easy: number; readonly hard: number };

/** Says what a model answers to a prompt; undefined where it holds no known question, or the model has no skill. */
export type KnownAnswers = (prompt: string, model: string, random: Random) => string | undefined;

/** Throws RangeError for a question without text or without a wrong answer, and for skills and difficulties out of [0, 1]. */
export function createKnownAnswers(
  keys: AnswerKeys,
  questionIn: QuestionFinder = createQuestionFinder(keys.questions),
): KnownAnswers {
  check(keys);
  return (prompt, model, random) => {
    const skill = Object.hasOwn(keys.skills, model) ? keys.skills[model] : undefined;
    const asked = skill === undefined ? undefined : questionIn(prompt);
    if (skill === undefined || asked === undefined) return undefined;
    return random.next() < chanceOf(skill, asked) ? asked.answer : random.pick(wrongAnswers(asked, keys));
  };
}

function chanceOf(skill: Skill, { difficulty = 0 }: KnownQuestion): number {
  if (typeof skill === "number") return skill;
  return skill.easy + (skill.hard - skill.easy) * difficulty;
}

function wrongAnswers(
  { answer, choices }: KnownQuestion,
  keys: Pick<AnswerKeys, "choices">,
): readonly string[] {
  return (choices ?? keys.choices ?? []).filter((choice) => choice !== answer);
}

function check(keys: AnswerKeys): void {
  for (const known of keys.questions) {
    if (known.question === "") throw new RangeError("Cannot know a question: a text is wanted, it is empty");
    if (wrongAnswers(known, keys).length === 0)
      throw new RangeError(`Cannot know the question "${known.question}": another choice is wanted`);
    checkShare(`difficulty of "${known.question}"`, known.difficulty ?? 0);
  }
  for (const [model, skill] of Object.entries(keys.skills)) {
    const chances = typeof skill === "number" ? [skill] : [skill.easy, skill.hard];
    for (const chance of chances) checkShare(`skill of "${model}"`, chance);
  }
}

function checkShare(what: string, value: number): void {
  if (!(value >= 0 && value <= 1))
    throw new RangeError(`Cannot take the ${what}: a number from 0 to 1 is wanted, it is ${value}`);
}
