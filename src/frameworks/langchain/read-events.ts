import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { WireChoice, WireToolCallDelta } from "../transport/answer-shape.ts";
import type { StreamReply } from "../transport/chat-transport.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { readWireStream } from "../transport/wire-stream.ts";
import { modelProvider } from "./content-blocks.ts";
import { EventBlocks } from "./event-blocks.ts";
import { usageMetadata } from "./usage-metadata.ts";

type FinishEvent = Extract<ChatModelStreamEvent, { readonly event: "message-finish" }>;

const finishReasons: Readonly<Record<string, NonNullable<FinishEvent["reason"]>>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_use",
  content_filter: "content_filter",
};

/**
 * A streamed answer as the events of LangChain's content blocks (`streamEvents` without a version). The bridge that
 * LangChain has for chunks ends every answer with "stop" and leaves out thoughts, signatures and how it was routed.
 * @throws SignalboxError on an error frame, on what is no chunk, and when the stream ends without a finish reason
 */
export async function* readEvents(reply: StreamReply): AsyncGenerator<ChatModelStreamEvent> {
  const blocks = new EventBlocks();
  const steps = readWireStream(reply);
  let id: string | undefined;
  let model: string | undefined;
  let finish = "";
  try {
    let next = await steps.next();
    yield { event: "message-start", ...(!next.done && next.value.id && { id: next.value.id }) };
    while (!next.done) {
      id ??= next.value.id;
      model ??= next.value.model;
      finish = next.value.choice.finish_reason ?? finish;
      yield* said(next.value.choice, blocks);
      next = await steps.next();
    }
    yield* blocks.finishAll();
    const { usage } = next.value;
    yield {
      event: "message-finish",
      reason: finishReasons[finish] ?? "stop",
      ...(usage && { usage: usageMetadata(usage) }),
      responseMetadata: {
        ...modelProvider,
        ...(model && { model_name: model }),
        signalbox: { ...routedMetadata(reply.headers), ...routedMetadata(reply.trailers?.() ?? {}) },
      },
    };
  } finally {
    await steps.return({});
  }
}

function* said({ delta }: WireChoice, blocks: EventBlocks): Generator<ChatModelStreamEvent> {
  if (!delta) return;
  if (delta.reasoning_content) yield* blocks.said("reasoning", delta.reasoning_content);
  if (delta.content) yield* blocks.said("text", delta.content);
  if (delta.refusal) yield* blocks.said("refusal", delta.refusal);
  for (const { image_url } of delta.images ?? []) yield* blocks.image(image_url.url);
  const signature = delta.extra_content?.google?.thought_signature;
  if (signature) yield* blocks.textSignature(signature);
  for (const call of delta.tool_calls ?? []) yield* called(call, blocks);
}

function* called(
  { index, id, function: written, extra_content }: WireToolCallDelta,
  blocks: EventBlocks,
): Generator<ChatModelStreamEvent> {
  const signature = extra_content?.google?.thought_signature;
  yield* blocks.call(index, {
    id: id ?? "",
    name: written?.name ?? "",
    args: written?.arguments ?? "",
    ...(signature && { signature }),
  });
}
