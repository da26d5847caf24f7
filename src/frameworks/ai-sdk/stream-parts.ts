import type { LanguageModelV4StreamPart, SharedV4Warning } from "@ai-sdk/provider";
import type { StreamReply } from "../transport/chat-transport.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { readWireStream } from "../transport/wire-stream.ts";
import { finishReason, usageOf } from "./answer-content.ts";
import { providerMetadata } from "./provider-metadata.ts";
import { StreamBlocks } from "./stream-blocks.ts";

/** What the parts are made from, beside the stream. */
interface StreamFacts {
  readonly warnings: SharedV4Warning[];
  /** A failure as the AI SDK wants it. */
  readonly failure: (error: unknown) => unknown;
}

/**
 * A streamed answer as the AI SDK's parts. What fails is a part of its own, behind which the stream finishes with "error":
 * so that a broken answer is never taken for a short one.
 */
export async function* streamParts(
  reply: StreamReply,
  { warnings, failure }: StreamFacts,
): AsyncGenerator<LanguageModelV4StreamPart> {
  const blocks = new StreamBlocks();
  const steps = readWireStream(reply);
  const routed = () => ({ ...routedMetadata(reply.headers), ...routedMetadata(reply.trailers?.() ?? {}) });
  yield { type: "stream-start", warnings };
  try {
    let isFirst = true;
    let raw = "";
    let next = await steps.next();
    while (!next.done) {
      const { id, model, choice } = next.value;
      if (isFirst) yield { type: "response-metadata", ...(id && { id }), ...(model && { modelId: model }) };
      isFirst = false;
      raw = choice.finish_reason ?? raw;
      yield* blocks.step(choice);
      next = await steps.next();
    }
    yield* blocks.end();
    yield {
      type: "finish",
      finishReason: finishReason(raw),
      usage: usageOf(next.value.usage),
      providerMetadata: providerMetadata(routed()),
    };
  } catch (error) {
    yield { type: "error", error: failure(error) };
    yield {
      type: "finish",
      finishReason: { unified: "error", raw: undefined },
      usage: usageOf(undefined),
      providerMetadata: providerMetadata(routed()),
    };
  } finally {
    // A reader that stops early closes the call.
    await steps.return({});
  }
}
