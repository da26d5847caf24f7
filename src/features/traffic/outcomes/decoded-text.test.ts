import { expect, test } from "vitest";
import { decodedText, fileBytesMax } from "./decoded-text.ts";

test("a file that does not say how large it is ends at 64 MiB", async () => {
  const piece = new Uint8Array(1024 * 1024).fill(0x20);
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      taken += piece.length;
      yield piece;
    }
  }
  const read = async (): Promise<void> => {
    for await (const text of decodedText(endless())) expect(text).toHaveLength(piece.length);
  };
  await expect(read()).rejects.toMatchObject({ code: "payload-too-large" });
  expect(taken).toBe(fileBytesMax + piece.length);
});

test("a letter may come in two pieces", async () => {
  const bytes = new TextEncoder().encode("\u{1F6A6}");
  async function* halves(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, 2);
    yield bytes.subarray(2);
  }
  expect((await Array.fromAsync(decodedText(halves()))).join("")).toBe("\u{1F6A6}");
});
