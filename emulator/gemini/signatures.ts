import { digest } from "../random.ts";

/** Issues thought signatures and knows its own again, without keeping any. */
export interface Signatures {
  /** A base64 signature; the same nonce gives the same one. */
  issue(nonce: string): string;
  /** True for signatures of this emulator (and of any other with the same seed). */
  isIssued(signature: string): boolean;
}

/** One of those below. */
export const dummySignature = "skip_thought_signature_validator";

/** Accepted in place of a real signature. https://ai.google.dev/gemini-api/docs/thought-signatures, read 2026-11-24 */
export const dummySignatures: ReadonlySet<string> = new Set([
  dummySignature,
  "context_engineering_is_the_way_to_go",
]);

const nonceBytes = 32;
const signatureBytes = 64;

/** Signatures of an emulator with that seed: 32 bytes of nonce, 32 bytes that only this seed gives for it. */
export function createSignatures(seed: string): Signatures {
  const macOf = (nonce: Buffer): Buffer =>
    Buffer.from(digest("signature", seed, nonce.toString("hex")), "hex");
  return {
    issue(nonce) {
      const start = Buffer.from(digest("nonce", seed, nonce), "hex");
      return Buffer.concat([start, macOf(start)]).toString("base64");
    },
    isIssued(signature) {
      const bytes = Buffer.from(signature, "base64");
      if (bytes.length !== signatureBytes) return false;
      return macOf(bytes.subarray(0, nonceBytes)).equals(bytes.subarray(nonceBytes));
    },
  };
}
