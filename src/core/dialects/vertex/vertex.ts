import type { Dialect } from "#core/dialects/dialect.ts";
import { countTokensPath, decodeCountTokensResponse } from "#core/dialects/gemini/count-tokens.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { encodeCountTokensRequest } from "./encode-count.ts";
import { encodeRequest } from "./encode-request.ts";
import { decodeEmbeddingResponse, embeddingPath, encodeEmbeddingRequest } from "./embeddings.ts";

/**
 * The Gemini dialect as Vertex AI speaks it: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference,
 * and the SDK that speaks both: https://github.com/googleapis/js-genai 3.3.0 (read 2026-11-25). It differs where it is
 * called: a bearer token, labels, turns that must name their role, token counts without a wrapper, embeddings by `predict`.
 */
export const vertex: Dialect = {
  ...gemini,
  client: {
    ...gemini.client,
    // The Gemini API takes a turn without a role for the user's, and ignores what it does not know; Vertex AI refuses both.
    mustRewrite: () => true,
    tokenCounting: {
      path: countTokensPath,
      encode: encodeCountTokensRequest,
      decode: decodeCountTokensResponse,
    },
    // Counting is free, and asks the model itself; v1 has no way to get a publisher's model.
    unbilledCall: (model) => ({ method: "POST", path: countTokensPath(model), body: countBody }),
    credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
    encodeRequest,
    embeddingPath,
    encodeEmbeddingRequest,
    decodeEmbeddingResponse,
  },
};

const countBody = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "ping" }] }] });
