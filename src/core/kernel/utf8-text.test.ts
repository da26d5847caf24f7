import { expect, test } from "vitest";
import { utf8Text } from "./utf8-text.ts";

test.each(["", "short", "shört", "a".repeat(50_000), "ä".repeat(50_000), `${"a".repeat(50_000)}🛰️`])(
  "bytes give the text they were made of: %#",
  (text) => {
    expect(utf8Text(Buffer.from(text, "utf8"))).toBe(text);
  },
);
