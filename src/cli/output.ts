/** How a command answers: lines for a person, or one JSON value for a program (`--json`). */
export interface Output {
  /** Says the result: `json` where the caller asked for JSON, else `lines`. */
  result(answer: { readonly json: unknown; readonly lines: readonly string[] }): void;
  /** Says something on the way; kept out of the way of JSON. */
  note(line: string): void;
}

/** Whoever read our output has gone (`| head`): no reason to break off a shutdown under way. */
function readerGone(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Output on the process's own streams. */
export function processOutput(asJson: boolean): Output {
  process.stdout.once("error", readerGone);
  process.stderr.once("error", readerGone);
  return {
    result({ json, lines }) {
      process.stdout.write(asJson ? `${JSON.stringify(json)}\n` : lines.map((line) => `${line}\n`).join(""));
    },
    note(line) {
      (asJson ? process.stderr : process.stdout).write(`${line}\n`);
    },
  };
}
