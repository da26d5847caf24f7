import { decodeEmbeddingResponse } from "#core/dialects/openai-chat/client-embeddings.ts";
import type { CompleteReply } from "./chat-transport.ts";
import { errorIn, SignalboxError } from "./signalbox-error.ts";

/**
 * The vectors of an answer of OpenAI's embeddings, in the order of the texts.
 * @param count how many texts were sent
 * @throws SignalboxError when it holds anything else, or not one vector for each text
 */
export function readVectors({ body, headers }: CompleteReply, count: number): number[][] {
  const error = errorIn(body, { headers });
  if (error) throw error;
  const read = decodeEmbeddingResponse(body);
  const vectors = read.ok ? read.value.vectors : [];
  if (vectors.length !== count) {
    const message = `Cannot read the answer: ${count} vectors are wanted, it has ${vectors.length}`;
    throw new SignalboxError(message, { code: "answer_not_whole", headers });
  }
  return vectors.map((vector) => [...vector]);
}
