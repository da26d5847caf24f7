/** HTTP statuses and the code words of Google APIs: google.rpc.Code, https://cloud.google.com/apis/design/errors, read 2026-11-24. */
const words: readonly (readonly [number, string])[] = [
  [400, "INVALID_ARGUMENT"],
  [400, "FAILED_PRECONDITION"],
  [400, "OUT_OF_RANGE"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "NOT_FOUND"],
  [409, "ABORTED"],
  [409, "ALREADY_EXISTS"],
  [429, "RESOURCE_EXHAUSTED"],
  [499, "CANCELLED"],
  [500, "INTERNAL"],
  [500, "UNKNOWN"],
  [500, "DATA_LOSS"],
  [501, "UNIMPLEMENTED"],
  [503, "UNAVAILABLE"],
  [504, "DEADLINE_EXCEEDED"],
];

/** The code word of a status: that of its family where it has none of its own. */
export function statusWord(status: number): string {
  const own = words.find(([code]) => code === status);
  if (own) return own[1];
  if (status === 502) return "UNAVAILABLE";
  return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
}

/** The status of a code word; 500 when it is unknown. */
export function httpStatusOf(word: string | undefined): number {
  return words.find(([, known]) => known === word)?.[0] ?? 500;
}
