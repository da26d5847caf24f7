import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { streamOutput } from "./output.ts";

function written(say: (output: ReturnType<typeof streamOutput>) => void): string {
  const stdout = new PassThrough();
  say(streamOutput({ stdout, stderr: new PassThrough() }, false));
  return String(stdout.read());
}

test("no character of a name or a message is an order to the terminal; line ends and tabs stand", () => {
  const name = "a\u001b[2Jb\rc\u009bd\u0000\te\nf\r\ng";
  const shown = "a\ufffd[2Jb\ufffdc\ufffdd\ufffd\te\nf\r\ng\n";
  expect(written((output) => output.result({ json: null, lines: [name] }))).toBe(shown);
  expect(written((output) => output.note(name))).toBe(shown);
});
