import type { JsonObject } from "#core/kernel/json.ts";
import type { MediaPart } from "#core/llm/message.ts";
import { mediaUrl } from "#core/dialects/openai/media-url.ts";

/**
 * Writes media that the model made. Chat completions have sound only; pictures and the rest go into `images`, the
 * field that OpenRouter and its followers use, as `image_url` objects.
 */
export function encodeAnswerMedia(parts: readonly MediaPart[], responseId: string): JsonObject {
  const audio = parts.find((part) => part.kind === "audio" && part.source.type === "inline");
  const images = parts.filter((part) => part !== audio);
  return {
    ...(images.length > 0 && { images: images.map((part, index) => encodeImage(part, index)) }),
    ...(audio?.source.type === "inline" && {
      audio: { id: `audio_${responseId}`, data: audio.source.base64, transcript: "", expires_at: 0 },
    }),
  };
}

function encodeImage(part: MediaPart, index: number): JsonObject {
  return { type: "image_url", index, image_url: { url: mediaUrl(part) } };
}
