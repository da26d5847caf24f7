/**
 * A payload as the next element of one JSON array: how Gemini streams without `alt=sse`.
 * @param isFirst whether nothing was written before
 */
export function jsonArrayElement(payload: string, isFirst: boolean): string {
  return (isFirst ? "[" : ",\r\n") + payload;
}

/** What closes the array; of an empty one it is all there is. */
export function jsonArrayEnd(isEmpty: boolean): string {
  return isEmpty ? "[]" : "]";
}
