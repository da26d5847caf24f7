import { invalidArgument } from "../api-failure.ts";
import type { Content, Part } from "./request.ts";
import type { Signatures } from "./signatures.ts";
import { dummySignatures } from "./signatures.ts";

/**
 * Gemini 3 and later: in the current turn (everything after the user's last own words) the first function call of
 * each model content must carry its thought signature, and every signature must be genuine or the known dummy.
 */
export function checkSignatures(contents: readonly Content[], signatures: Signatures): void {
  for (const content of contents) {
    for (const { thoughtSignature } of content.parts) {
      if (thoughtSignature !== undefined && !isAccepted(thoughtSignature, signatures)) {
        throw invalidArgument("Corrupted thought signature.");
      }
    }
  }
  const turnStart = contents.findLastIndex(
    (content) => content.role !== "model" && !content.parts.some(isResult),
  );
  for (const [index, content] of contents.entries()) {
    if (index <= turnStart || content.role !== "model") continue;
    const first = content.parts.find((part) => part.functionCall !== undefined);
    if (first !== undefined && first.thoughtSignature === undefined) throw missing(first, index + 1);
  }
}

function isAccepted(signature: string, signatures: Signatures): boolean {
  return dummySignatures.has(signature) || signatures.isIssued(signature);
}

function isResult(part: Part): boolean {
  return part.functionResponse !== undefined;
}

function missing(part: Part, position: number) {
  return invalidArgument(
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and " +
      "missing thought_signature may lead to degraded model performance. Additional data, function call " +
      `\`default_api:${part.functionCall?.name}\` , position ${position}. Please refer to ` +
      "https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
  );
}
