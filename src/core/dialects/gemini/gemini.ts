import type { Dialect } from "#core/dialects/dialect.ts";
import { withFirstMember } from "#core/dialects/splice/with-first-member.ts";
import { lacksSignature } from "#core/dialects/thought-signatures.ts";
import {
  countTokensPath,
  decodeCountTokensRequest,
  decodeCountTokensResponse,
  encodeCountTokensRequest,
  encodeCountTokensResponse,
} from "./count-tokens.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeEmbeddingRequest, encodeEmbeddingRequest } from "./embedding-request.ts";
import { decodeEmbeddingResponse, encodeEmbeddingResponse } from "./embedding-response.ts";
import { encodeError, encodeErrorFrame } from "./encode-error.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { chatPath, embeddingPath } from "./paths.ts";
import {
  continueStreamDecoder,
  decodeFrame,
  startStreamDecoder,
  type StreamDecoderState,
} from "./stream-decoder.ts";
import {
  encodeStreamPart,
  endStreamEncoder,
  startStreamEncoder,
  type StreamEncoderState,
} from "./stream-encoder.ts";
import { servedTier } from "./usage.ts";

/** The Gemini API (generateContent and its kin), both ways: https://ai.google.dev/api/generate-content. */
export const gemini: Dialect<StreamDecoderState, StreamEncoderState> = {
  name: "gemini",
  server: {
    carriesOwnFieldsOfOthers: false,
    decodeRequest,
    encodeResponse,
    startStream: startStreamEncoder,
    encodePart: encodeStreamPart,
    endStream: endStreamEncoder,
    encodeError,
    encodeErrorFrame,
    tokenCounting: { decodeRequest: decodeCountTokensRequest, encodeResponse: encodeCountTokensResponse },
    embeddings: { decodeRequest: decodeEmbeddingRequest, encodeResponse: encodeEmbeddingResponse },
  },
  passing: { idField: "responseId", endMarks: [] },
  client: {
    tokenCounting: {
      path: countTokensPath,
      encode: encodeCountTokensRequest,
      decode: decodeCountTokensResponse,
    },
    // One model of all, which also tells of one that is gone: https://ai.google.dev/api/models, read 2026-11-25.
    unbilledCall: (model) => ({ method: "GET", path: `/models/${encodeURIComponent(model)}`, body: "" }),
    chatPath,
    embeddingPath,
    credentialHeaders: (apiKey) => ({ "x-goog-api-key": apiKey }),
    // Another model may have made the calls of the turn, to which the client was given no signatures.
    mustRewrite: ({ messages }, model) => model.needsThoughtSignatures && lacksSignature(messages),
    encodeRequest,
    decodeResponse,
    startStream: startStreamDecoder,
    // https://ai.google.dev/gemini-api/docs/generate-content/long-decode, read 2026-11-26: the same request with the token.
    continuing: {
      request: (body, token) => withFirstMember(body, "continuationToken", token),
      startStream: continueStreamDecoder,
    },
    decodeFrame,
    servedTier,
    decodeError,
    encodeEmbeddingRequest,
    decodeEmbeddingResponse,
  },
};
