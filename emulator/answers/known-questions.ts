/** One question. */
export interface KnownQuestion {
  /** As it stands in a prompt, to the letter. */
  readonly question: string;
  /** The right answer. */
  readonly answer: string;
  /** All answers that there are, the right one among them or not. */
  readonly choices?: readonly string[];
  /** From 0 (easy, where nothing is written) to 1 (hard). */
  readonly difficulty?: number;
}

/** Finds the question that a prompt asks: of those that it holds the last; of those that end there the longest. */
export type QuestionFinder = (prompt: string) => KnownQuestion | undefined;

/** Texts are looked for by their first characters; shorter ones by all of them. */
const headLength = 12;

/** Indexes questions, so that finding one among thousands takes one look for each character of a prompt. */
export function createQuestionFinder(questions: readonly KnownQuestion[]): QuestionFinder {
  const byHead = Map.groupBy(questions, ({ question }) => question.slice(0, headLength));
  const headLengths = [...new Set([...byHead.keys()].map((head) => head.length))];
  return (prompt) => {
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
  };
}
