/** How a command answers: lines for a person, or one JSON value for a program (`--json`). */
export interface Output {
  /** Says the result: `json` where the caller asked for JSON, else `lines`. */
  result(answer: { readonly json: unknown; readonly lines: readonly string[] }): void;
  /** Says something on the way; kept out of the way of JSON. */
  note(line: string): void;
}

/** Where a command's words go. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Whoever read our output has gone (`| head`): no reason to break off a shutdown under way. */
function readerGone(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** Names and messages are anybody's: a terminal takes no character of theirs for an order. */
function shownLine(line: string): string {
  return `${line.replaceAll(/(?!\r\n)[^\P{Cc}\n\t]/gu, "\u{fffd}")}\n`;
}

/** Output on streams, as a rule the process's own. */
export function streamOutput({ stdout, stderr }: Streams, asJson: boolean): Output {
  stdout.once("error", readerGone);
  stderr.once("error", readerGone);
  return {
    result({ json, lines }) {
      stdout.write(asJson ? `${JSON.stringify(json)}\n` : lines.map(shownLine).join(""));
    },
    note(line) {
      (asJson ? stderr : stdout).write(shownLine(line));
    },
  };
}
