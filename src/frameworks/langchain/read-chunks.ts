import { AIMessageChunk, type ToolCallChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { WireChoice, WireToolCallDelta } from "../transport/answer-shape.ts";
import type { StreamReply } from "../transport/chat-transport.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { readWireStream, type WireEnd } from "../transport/wire-stream.ts";
import { modelProvider } from "./content-blocks.ts";
import { saidFields } from "./said-fields.ts";
import { CallSignatures } from "./thought-signatures.ts";
import { usageField } from "./usage-metadata.ts";

/**
 * A streamed answer as LangChain's chunks. LangChain sums chunks up, texts by concatenation and numbers by addition;
 * so each thing that is said of the answer as a whole stands on one chunk: model and routing on the first, the finish
 * reason on its own, usage and cost on the last.
 * @throws SignalboxError on an error frame, on what is no chunk, and when the stream ends without a finish reason
 */
export async function* readChunks(reply: StreamReply): AsyncGenerator<ChatGenerationChunk> {
  const signatures = new CallSignatures();
  const steps = readWireStream(reply);
  try {
    let isFirst = true;
    let next = await steps.next();
    while (!next.done) {
      const { model, choice } = next.value;
      const start = { ...(model && { model_name: model }), signalbox: routedMetadata(reply.headers) };
      yield stepChunk(choice, isFirst ? start : {}, signatures);
      isFirst = false;
      next = await steps.next();
    }
    const last = endChunk(next.value, reply);
    if (last) yield last;
  } finally {
    // A reader that stops early closes the call.
    await steps.return({});
  }
}

function stepChunk(
  { delta, finish_reason }: WireChoice,
  start: Readonly<Record<string, unknown>>,
  signatures: CallSignatures,
): ChatGenerationChunk {
  const deltas = delta?.tool_calls ?? [];
  const message = new AIMessageChunk({
    ...saidFields(delta ?? {}, signatures.of(deltas)),
    ...(deltas.length > 0 && { tool_call_chunks: deltas.map(toolCallChunk) }),
    response_metadata: { ...modelProvider, ...start, ...(finish_reason && { finish_reason }) },
  });
  return new ChatGenerationChunk({ text: delta?.content ?? "", message });
}

/** What is known only behind the stream; undefined where that is nothing. */
function endChunk({ usage }: WireEnd, { trailers }: StreamReply): ChatGenerationChunk | undefined {
  const signalbox = routedMetadata(trailers?.() ?? {});
  const isTold = Object.keys(signalbox).length > 0;
  if (!usage && !isTold) return undefined;
  const message = new AIMessageChunk({
    content: "",
    ...usageField(usage),
    response_metadata: { ...modelProvider, ...(isTold && { signalbox }) },
  });
  return new ChatGenerationChunk({ text: "", message });
}

/** One step of a tool call. LangChain's event stream keeps text as block 0, so calls count from 1. */
function toolCallChunk({ index, id, function: called }: WireToolCallDelta): ToolCallChunk {
  return {
    type: "tool_call_chunk",
    index: index + 1,
    ...(id && { id }),
    ...(called?.name && { name: called.name }),
    ...(called?.arguments && { args: called.arguments }),
  };
}
