import { invalidArgument } from "../api-failure.ts";
import { digest } from "../random.ts";

/** Issues and reads the tokens with which a Gemini 4 answer goes on in another request. */
export interface Continuations {
  /** A base64 token for the place (in characters) where the answer to that request stopped. */
  issue(requestDigest: string, at: number): string;
  /** The place a token stands for. Throws ApiFailure 400 when it was not issued for this very request. */
  read(requestDigest: string, token: string): number;
}

/** Tokens of an emulator with that seed: the place, and a digest that only this seed and request give for it. */
export function createContinuations(seed: string): Continuations {
  const proof = (requestDigest: string, at: string): string =>
    digest("continuation", seed, requestDigest, at);
  return {
    issue: (requestDigest, at) => Buffer.from(`${at}.${proof(requestDigest, String(at))}`).toString("base64"),
    read(requestDigest, token) {
      const [at = "", given] = Buffer.from(token, "base64").toString("latin1").split(".");
      if (given !== proof(requestDigest, at)) {
        throw invalidArgument("The continuation token is invalid or was issued for a different request.");
      }
      return Number(at);
    },
  };
}
