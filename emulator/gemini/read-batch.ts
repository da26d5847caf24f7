import { ApiFailure, invalidArgument } from "../api-failure.ts";
import { isJsonObject } from "../json.ts";
import type { BatchedRequest } from "../kept/kept.ts";
import { readMessage } from "./read-message.ts";
import { batchFields } from "./request-fields.ts";

/** Most requests that are taken in one body. Google's bound is its size, 20 MB. */
const requestsMax = 10_000;

/** Reads a batchGenerateContent body. Files of requests are not emulated. */
export function readBatchRequest(body: string): {
  readonly displayName: string;
  readonly requests: readonly BatchedRequest[];
} {
  const { batch } = readMessage(body, batchFields);
  const { displayName, inputConfig } = isJsonObject(batch) ? batch : {};
  const { requests, fileName } = isJsonObject(inputConfig) ? inputConfig : {};
  if (fileName !== undefined) {
    throw new ApiFailure(501, 'The Signalbox emulator does not emulate "files" of a batch.');
  }
  const list = isJsonObject(requests) ? requests["requests"] : undefined;
  const items = Array.isArray(list) ? list.filter(isJsonObject) : [];
  if (items.length > requestsMax) throw invalidArgument(`A batch takes at most ${requestsMax} requests.`);
  return {
    displayName: typeof displayName === "string" ? displayName : "",
    requests: items.map(({ request, metadata }) => ({
      request: isJsonObject(request) ? request : {},
      ...(metadata === undefined ? {} : { metadata }),
    })),
  };
}
