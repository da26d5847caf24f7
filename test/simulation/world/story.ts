/** Tells a line of the story; what makes it is only called where somebody reads. */
export type Tell = (line: () => string) => void;

/** Tells nobody. */
export const untold: Tell = () => undefined;

/** A teller that puts the time before each line: `   12.345 s  request 3: ...`. */
export function storyTeller(nowMs: () => number, write: (line: string) => void): Tell {
  return (line) => write(`${(nowMs() / 1_000).toFixed(3).padStart(9)} s  ${line()}`);
}
