import type { Random } from "../random.ts";

/** Questions whose answers are known, and how likely models are to give the right ones. Plain data. */
export interface AnswerKeys {
  readonly questions: readonly KnownQuestion[];
  /** What wrong answers are taken from where a question has no choices of its own. */
  readonly choices?: readonly string[];
  /** By model; a model that is not named answers as if nothing were known. */
  readonly skills: Readonly<Record<string, Skill>>;
}

/** One question. */
interface KnownQuestion {
  /** As it stands in a prompt, to the letter. */
  readonly question: string;
  /** The right answer. */
  readonly answer: string;
  /** All answers that there are, the right one among them or not. */
  readonly choices?: readonly string[];
  /** From 0 (easy, where nothing is written) to 1 (hard). */
  readonly difficulty?: number;
}

/** The probability of the right answer, of any question or of the easiest and the hardest; in between it is on the line. */
type Skill = number | { readonly easy: number; readonly hard: number };

/** Says what a model answers to a prompt; undefined where it holds no known question, or the model has no skill. */
export type KnownAnswers = (prompt: string, model: string, random: Random) => string | undefined;

/** Texts are looked for by their first characters; shorter ones by all of them. */
const headLength = 12;

/**
 * Indexes questions, so that finding one among thousands takes one look for each character of a prompt.
 * Throws RangeError for a question without text or without a wrong answer, and for skills and difficulties out of [0, 1].
 */
export function createKnownAnswers(keys: AnswerKeys): KnownAnswers {
  check(keys);
  const byHead = Map.groupBy(keys.questions, ({ question }) => question.slice(0, headLength));
  const headLengths = [...new Set([...byHead.keys()].map((head) => head.length))];

  /** Of the questions that a prompt holds the last; of those that end there the longest. */
  function questionIn(prompt: string): KnownQuestion | undefined {
    let found: KnownQuestion | undefined;
    let foundEnd = 0;
    for (let at = 0; at < prompt.length; at += 1) {
      for (const length of headLengths) {
        for (const known of byHead.get(prompt.slice(at, at + length)) ?? []) {
          const end = at + known.question.length;
          if (end <= foundEnd || !prompt.startsWith(known.question, at)) continue;
          found = known;
          foundEnd = end;
        }
      }
    }
    return found;
  }

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
