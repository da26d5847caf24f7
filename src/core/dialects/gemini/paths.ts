/** Path below the base URL for a chat call. A stream is asked for as server-sent events. */
export function chatPath(model: string, stream: boolean): string {
  return modelPath(model, stream ? "streamGenerateContent?alt=sse" : "generateContent");
}

/** Path below the base URL for an embedding call. */
export function embeddingPath(model: string, batch: boolean): string {
  return modelPath(model, batch ? "batchEmbedContents" : "embedContent");
}

/** Path of a method of a model. */
export function modelPath(model: string, method: string): string {
  return `/models/${encodeURIComponent(model)}:${method}`;
}
