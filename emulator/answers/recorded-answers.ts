import { textTokens } from "../tokens.ts";

/** What models got for questions, as somebody recorded it. Plain data. */
export interface Recordings {
  readonly questions: readonly RecordedQuestion[];
  /** US dollars per million tokens, by model: by these an answer has as many tokens as it cost. */
  readonly prices: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
}

/** One question. */
interface RecordedQuestion {
  /** As it stands in a prompt, to the letter. */
  readonly question: string;
  /** By model. */
  readonly models: Readonly<Record<string, { readonly reward: number; readonly cost_usd: number }>>;
}

/** A recorded answer: how it begins, and how many tokens it has. */
export interface RecordedAnswer {
  readonly beginning: string;
  readonly tokens: number;
}

/** Says what was recorded of a model and the question in a prompt, whose tokens are paid for, too. */
export type RecordedAnswers = (
  prompt: string,
  model: string,
  promptTokens: number,
) => RecordedAnswer | undefined;

/** Most tokens of an answer. */
const tokensMax = 100_000;

/**
 * Indexes recordings: a question must be all that the last turn says.
 * Throws RangeError for rewards out of [0, 1], costs below 0, and models without a price.
 */
export function createRecordedAnswers({ questions, prices }: Recordings): RecordedAnswers {
  check({ questions, prices });
  const byQuestion = new Map(questions.map(({ question, models }) => [question.trim(), models]));
  return (prompt, model, promptTokens) => {
    const models = byQuestion.get(prompt.trim());
    const recorded = models && Object.hasOwn(models, model) ? models[model] : undefined;
    const price = prices[model];
    if (!recorded || !price) return undefined;
    const beginning = beginningOf(recorded.reward);
    const left = recorded.cost_usd - (promptTokens * price.input) / 1e6;
    const tokens = Math.round((left * 1e6) / price.output);
    return { beginning, tokens: Math.min(tokensMax, Math.max(textTokens(beginning), tokens)) };
  };
}

/** How a recorded answer begins: in whole tokens of four bytes, so that what follows adds its own. */
function beginningOf(reward: number): string {
  const text = `Recorded reward ${reward}. `;
  return text.padEnd(Math.ceil(text.length / 4) * 4);
}

/** The reward of a recorded answer; undefined for any other text. */
export function recordedReward(answer: string): number | undefined {
  const [, reward] = /^Recorded reward (\d+(?:\.\d+)?(?:e-?\d+)?)\. /.exec(answer) ?? [];
  return reward === undefined ? undefined : Number(reward);
}

function check({ questions, prices }: Recordings): void {
  for (const { question, models } of questions) {
    for (const [model, { reward, cost_usd: cost }] of Object.entries(models)) {
      const what = `recording of "${model}" for "${question.slice(0, 40)}"`;
      if (!(reward >= 0 && reward <= 1))
        throw new RangeError(`Cannot take the ${what}: a reward from 0 to 1 is wanted, it is ${reward}`);
      if (!(cost >= 0))
        throw new RangeError(`Cannot take the ${what}: a cost from 0 on is wanted, it is ${cost}`);
      if (!Object.hasOwn(prices, model))
        throw new RangeError(`Cannot take the ${what}: a price is wanted, there is none`);
    }
  }
}
