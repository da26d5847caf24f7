import type { ServedDialect } from "#core/dialects/dialect.ts";
import { encodeTokenCount } from "./count-tokens.ts";
import { decodeCountTokensRequest, decodeRequest } from "./decode-request.ts";
import { encodeError, encodeErrorFrame } from "./encode-error.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodePart, endStream } from "./encode-stream.ts";
import { startStream, type StreamState } from "./stream-state.ts";

/** Anthropic's Messages API, as clients of ours speak it: https://docs.claude.com/en/api/messages, read 2026-11-26. */
export const anthropic: ServedDialect<StreamState> = {
  name: "anthropic",
  server: {
    carriesOwnFieldsOfOthers: false,
    requestIdHeader: "request-id",
    beginsWithUsage: true,
    decodeRequest: (body) => decodeRequest(body),
    encodeResponse,
    startStream,
    encodePart,
    endStream,
    encodeError,
    encodeErrorFrame,
    tokenCounting: {
      decodeRequest: (body) => decodeCountTokensRequest(body),
      encodeResponse: encodeTokenCount,
    },
  },
};
