import type { ServedDialect } from "#core/dialects/dialect.ts";
import { encodeError } from "#core/dialects/openai/encode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeErrorFrame } from "./encode-error-frame.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodePart, endStream } from "./encode-stream.ts";
import { startStream, type StreamState } from "./stream-state.ts";
import { threads } from "./threads.ts";

/**
 * OpenAI's Responses API, as clients of ours speak it: https://platform.openai.com/docs/api-reference/responses. Of what
 * it keeps on its server answers are kept here, where their route says so: docs/decisions/2026-11-27-responses-with-state.md.
 */
export const openaiResponses: ServedDialect<StreamState> = {
  name: "openai-responses",
  server: {
    // Under extra_content, as in OpenAI's chat completions.
    carriesOwnFieldsOfOthers: true,
    decodeRequest: (body) => decodeRequest(body),
    encodeResponse,
    startStream,
    encodePart,
    endStream,
    encodeError,
    encodeErrorFrame,
    threads,
    tokenCounting: {
      decodeRequest: (body) => decodeRequest(body),
      encodeResponse: ({ totalTokens }) => ({ object: "response.input_tokens", input_tokens: totalTokens }),
    },
  },
};
