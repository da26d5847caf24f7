import { erasureBody, erasureReply, type Erased } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** Erases what is kept under the pseudonym of a unit or a conversation. */
export type ErasePort = (kind: "unit" | "conversation", name: string) => Promise<Erased>;

/** `POST /api/erasures`: takes a person out of what is kept. */
export function erasureEndpoint(erase: ErasePort): ServedEndpoint {
  return served({
    method: "POST",
    path: "/api/erasures",
    operationId: "erase",
    tag: "Requests",
    summary: "Erase a unit or a conversation",
    description:
      "Deletes what is kept under the pseudonym of a unit or a conversation: its requests with their attempts and content, feedback on them and on it, and what is summed up for it, in experiments too. " +
      "Counts of all requests together stay. It cannot be taken back. See docs/operating/log.md.",
    protection: "admin",
    body: erasureBody,
    examples: { unit: { summary: "A person", value: { unit: "user-42" } } },
    response: erasureReply,
    responseDescription: "What was erased.",
    answer: async ({ body: { unit, conversation } }) =>
      unit === undefined ? erase("conversation", conversation ?? "") : erase("unit", unit),
  });
}
