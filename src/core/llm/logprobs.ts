/** A token and how likely the model held it. */
export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm of its probability, <= 0. */
  readonly logprob: number;
  /** Its number in the model's vocabulary, where that is told (Gemini). */
  readonly tokenId?: number;
  /** Its bytes in UTF-8, where they are told (OpenAI): a token may be a part of a character. */
  readonly bytes?: readonly number[];
}

/** A token of an answer, and what else could have stood in its place. */
export interface PositionLogprobs extends TokenLogprob {
  /** The likeliest tokens there, likeliest first; the one that was written may be among them. Empty where none are told. */
  readonly alternatives: readonly TokenLogprob[];
}

/** Characters of what they tell: bounds count them. */
export function logprobsLength(positions: readonly PositionLogprobs[]): number {
  return positions.reduce(
    (sum, { token, alternatives }) =>
      alternatives.reduce((length, other) => length + other.token.length, sum + token.length),
    0,
  );
}
