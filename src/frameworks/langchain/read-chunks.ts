import { AIMessageChunk, type ToolCallChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { chunkShape, type WireChunk } from "./answer-shape.ts";
import type { StreamReply } from "./chat-transport.ts";
import { routedMetadata } from "./routed-metadata.ts";
import { saidFields } from "./said-fields.ts";
import { errorIn, SignalboxError } from "./signalbox-error.ts";
import { usageField } from "./usage-metadata.ts";

type WireChoice = WireChunk["choices"][number];
type WireToolCallDelta = NonNullable<NonNullable<WireChoice["delta"]>["tool_calls"]>[number];

/**
 * A streamed answer as LangChain's chunks. LangChain sums chunks up, texts by concatenation and numbers by addition;
 * so what is said of the answer as a whole (model, routing, finish reason, usage) stands on one chunk each.
 * @throws SignalboxError on an error frame, on what is no chunk, and when the stream ends without a finish reason
 */
export async function* readChunks({ headers, chunks }: StreamReply): AsyncGenerator<ChatGenerationChunk> {
  const callIds = new Map<number, string>();
  let opened = false;
  let finished = false;
  for await (const body of chunks) {
    const error = errorIn(body, { headers });
    if (error) throw error;
    const chunk = chunkShape.safeParse(body);
    if (!chunk.success) {
      throw new SignalboxError("Cannot read the stream: a chat completion chunk is wanted", { headers });
    }
    // Usage may come again and again; its last state stands on the chunk without choices that ends the stream.
    const choice = chunk.data.choices.find(({ index }) => (index ?? 0) === 0);
    const usage = choice ? undefined : chunk.data.usage;
    if (!choice && !usage) continue;
    const start = opened
      ? {}
      : {
          model_provider: "signalbox",
          ...(chunk.data.model && { model_name: chunk.data.model }),
          signalbox: routedMetadata(headers),
        };
    opened = true;
    finished ||= Boolean(choice?.finish_reason);
    yield generationChunk({ choice, usage, start, callIds });
  }
  if (!finished) {
    throw new SignalboxError(
      "Cannot take the answer for whole: a finish reason is wanted, the stream had none",
      {
        headers,
      },
    );
  }
}

function generationChunk(input: {
  readonly choice: WireChoice | undefined;
  readonly usage: WireChunk["usage"];
  readonly start: Readonly<Record<string, unknown>>;
  readonly callIds: Map<number, string>;
}): ChatGenerationChunk {
  const { choice, usage } = input;
  const deltas = choice?.delta?.tool_calls ?? [];
  const message = new AIMessageChunk({
    ...saidFields(choice?.delta ?? {}, signaturesOf(deltas, input.callIds)),
    tool_call_chunks: deltas.map(toolCallChunk),
    ...usageField(usage),
    response_metadata: {
      ...input.start,
      ...(choice?.finish_reason && { finish_reason: choice.finish_reason }),
    },
  });
  return new ChatGenerationChunk({ text: message.text, message });
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

/** Signatures in these deltas by call id; the id stands in a call's first delta only. */
function signaturesOf(
  deltas: readonly WireToolCallDelta[],
  callIds: Map<number, string>,
): Readonly<Record<string, string>> | undefined {
  const signed = deltas.flatMap(({ index, id, extra_content }) => {
    if (id) callIds.set(index, id);
    const callId = callIds.get(index);
    const signature = extra_content?.google?.thought_signature;
    return signature && callId ? [[callId, signature] as const] : [];
  });
  return signed.length === 0 ? undefined : Object.fromEntries(signed);
}
