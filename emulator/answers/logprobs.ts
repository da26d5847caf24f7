import { digest } from "../random.ts";
import { sliceOfTokens } from "./answer-steps.ts";

/** A token with its log probability. */
export interface LikelyToken {
  readonly token: string;
  readonly tokenId: number;
  readonly logprob: number;
}

/** A token of an answer, and the likeliest ones at its place, likeliest first. */
export interface TokenOfAnswer extends LikelyToken {
  readonly top: readonly LikelyToken[];
}

/**
 * Log probabilities of a text's tokens: made up, but always the same for the same text. The token that was said is the
 * likeliest of its place; the others are its beginnings.
 */
export function logprobsOf(text: string, topCount: number): readonly TokenOfAnswer[] {
  const tokens: TokenOfAnswer[] = [];
  for (let at = 0; at < text.length;) {
    const token = sliceOfTokens(text, at, 1);
    at += token.length;
    const said = likely(token, 0);
    const top = Array.from({ length: topCount }, (_, place) => (place === 0 ? said : likely(token, place)));
    tokens.push({ ...said, top });
  }
  return tokens;
}

const idsMax = 256_000;
/** Each place further down is so much less likely. */
const stepDown = 1.5;

function likely(said: string, place: number): LikelyToken {
  const token = place === 0 ? said : `${said.slice(0, 1)}${place}`;
  const chance = Number.parseInt(digest("logprob", token).slice(0, 8), 16);
  return { token, tokenId: chance % idsMax, logprob: -(chance % 1000) / 1000 - place * stepDown };
}
