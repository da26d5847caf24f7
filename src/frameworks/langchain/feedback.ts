import { requestIdPattern } from "#core/kernel/request-id.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { CompleteReply, SignalboxTransport } from "../transport/chat-transport.ts";
import { connectionOf, type ConnectionFields } from "./connection.ts";

/** What is said about an answer: at least one of score, label, comment and outcome. Bounds: docs/feedback.md. */
export interface FeedbackSaid {
  /** A number; which way is better is up to you. */
  readonly score?: number;
  /** A word or two. */
  readonly label?: string;
  readonly comment?: string;
  /** What came of it: whether something happened, or how much of it. */
  readonly outcome?: boolean | number;
  /** What is measured, such as `thumbs`; `feedback` when absent. */
  readonly name?: string;
  /** Who or what judged; `end_user` when absent. */
  readonly source?: "end_user" | "human" | "code" | "judge";
  /** When it was observed; now when absent. */
  readonly at?: Date;
  /** A name of yours for this feedback: sent again, it changes nothing. */
  readonly id?: string;
}

/** How far into a run is looked. */
const depthMax = 8;

/**
 * Says what came of an answer, to the Signalbox that routed it.
 * @param about the answer's message (or a sum of its chunks), what `includeRaw` gives, the run or `LLMResult` that a
 *   callback handler got, the error of a call that failed, or the request's id
 * @returns the feedback as it is kept
 * @throws TypeError where no request id can be found; SignalboxError where it is not taken
 */
export async function feedback(
  about: unknown,
  said: FeedbackSaid,
  connection: ConnectionFields<Pick<SignalboxTransport, "feedback">> = {},
): Promise<CompleteReply["body"]> {
  const requestId = requestIdOf(about);
  if (requestId === undefined)
    throw new TypeError(
      "Cannot send feedback: what Signalbox answered is wanted, there is no request id in it",
    );
  const reply = await connectionOf(connection).feedback(bodyOf(requestId, said), {});
  return reply.body;
}

/**
 * The id of the request that something came from, in whatever form LangChain hands it out; undefined where it is not of
 * Signalbox.
 */
export function requestIdOf(about: unknown): string | undefined {
  return idIn(about, depthMax);
}

function idIn(about: unknown, depthLeft: number): string | undefined {
  if (typeof about === "string") return requestIdPattern.test(about) ? about : undefined;
  if (typeof about !== "object" || about === null || depthLeft === 0) return undefined;
  if (Array.isArray(about)) return idIn(about[0], depthLeft - 1);
  const own: unknown = Reflect.get(about, "requestId");
  if (typeof own === "string") return idIn(own, depthLeft - 1);
  const metadata: unknown = Reflect.get(about, "response_metadata");
  if (isJsonObject(metadata) && isJsonObject(metadata["signalbox"]))
    return idIn(metadata["signalbox"]["request_id"], depthLeft - 1);
  for (const key of waysDown) {
    const found = idIn(Reflect.get(about, key), depthLeft - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a message lies in what LangChain hands out: serialised, with its raw form, in a generation, a result or a run. */
const waysDown = ["kwargs", "raw", "message", "generations", "output", "outputs"] as const;

function bodyOf(requestId: string, { at, ...said }: FeedbackSaid): JsonObject {
  return { request_id: requestId, ...said, ...(at && { at: at.toISOString() }) };
}
