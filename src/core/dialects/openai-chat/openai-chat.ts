import type { Dialect } from "#core/dialects/dialect.ts";
import { hasSignature, lacksSignature } from "#core/dialects/thought-signatures.ts";
import { asPrefill } from "./as-prefill.ts";
import { decodeEmbeddingResponse, encodeEmbeddingRequest } from "./client-embeddings.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { rateLimits } from "./rate-limits.ts";
import { decodeFrame, decodeStreamStart, type DecodeStreamState } from "./decode-stream.ts";
import { encodeError, encodeErrorFrame } from "#core/dialects/openai/encode-error.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodePart, endEncoding, startEncoding, type EncodeStreamState } from "./encode-stream.ts";
import { speaksGoogle } from "./google-extension.ts";
import { openaiEmbeddings } from "./server-embeddings.ts";

/** OpenAI's chat completions and embeddings, as OpenAI and the many compatible servers speak them. */
export const openaiChat: Dialect<DecodeStreamState, EncodeStreamState> = {
  name: "openai-chat",
  server: {
    // Under extra_content, where Google's own OpenAI face puts what the dialect lacks.
    carriesOwnFieldsOfOthers: true,
    decodeRequest: (body) => decodeRequest(body),
    encodeResponse,
    startStream: startEncoding,
    encodePart,
    endStream: endEncoding,
    encodeError,
    encodeErrorFrame,
    embeddings: openaiEmbeddings,
  },
  passing: { idField: "id", endMarks: ["[DONE]"] },
  client: {
    // The list, since not every compatible server shows a model alone.
    unbilledCall: () => ({ method: "GET", path: "/models", body: "" }),
    chatPath: () => "/chat/completions",
    embeddingPath: () => "/embeddings",
    credentialHeaders: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    // Google's own face wants each signature; other makers' servers may refuse a field that only Google has.
    mustRewrite: ({ messages }, model) =>
      speaksGoogle(model) ? model.needsThoughtSignatures && lacksSignature(messages) : hasSignature(messages),
    encodeRequest,
    asPrefill,
    decodeResponse,
    startStream: () => decodeStreamStart,
    decodeFrame,
    // OpenAI says it in the body.
    rateLimits,
    servedTier: () => undefined,
    decodeError,
    encodeEmbeddingRequest,
    decodeEmbeddingResponse,
  },
};
