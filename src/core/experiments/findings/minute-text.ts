/** A moment, ms since 1970, as a person reads it, to the minute: "2026-12-03 14:05 UTC". */
export function minuteText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
