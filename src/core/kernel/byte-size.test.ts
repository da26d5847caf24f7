import { expect, test } from "vitest";
import { byteSize, bytesOfSize } from "./byte-size.ts";

test.each([
  ["1KB", 1_000],
  ["64MB", 64_000_000],
  ["1.5GB", 1_500_000_000],
  ["2TB", 2e12],
  ["0.0001KB", 0],
  ["1 GB", undefined],
  ["1GiB", undefined],
  ["-1GB", undefined],
  ["1000", undefined],
])("%s is %s bytes", (text, bytes) => {
  expect(bytesOfSize(text)).toBe(bytes);
});

test("a size outside its range says the range", () => {
  const schema = byteSize({ description: "Room.", examples: ["1GB"], smallest: "64MB", largest: "1TB" });
  expect(schema.parse("64MB")).toBe(64_000_000);
  expect(schema.safeParse("63MB").error?.issues[0]?.message).toBe("a size from 64MB to 1TB");
  expect(schema.safeParse("2TB").error?.issues[0]?.message).toBe("a size from 64MB to 1TB");
});
