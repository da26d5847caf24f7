import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfigurationFile } from "./read-configuration-file.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "signalbox-configuration-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(directory, "signalbox.yaml");
  await writeFile(path, content);
  return path;
}

test("a file is read as UTF-8", async () => {
  expect(await readConfigurationFile(await file("version: 1 # größer"))).toBe("version: 1 # größer");
});

test("a file that is not there is said so", async () => {
  await expect(readConfigurationFile(join(directory, "absent.yaml"))).rejects.toMatchObject({
    code: "invalid-configuration",
    message: expect.stringContaining("wanted a readable file, got ENOENT"),
  });
});

test("a directory is no file", async () => {
  await expect(readConfigurationFile(directory)).rejects.toThrow("wanted a readable file, got EISDIR");
});

test("a file above 1 MiB is refused, one of exactly 1 MiB is not", async () => {
  await expect(readConfigurationFile(await file(" ".repeat(1_048_577)))).rejects.toThrow(
    "wanted at most 1 MiB",
  );
  expect(await readConfigurationFile(await file(" ".repeat(1_048_576)))).toHaveLength(1_048_576);
});

test("an endless file is refused", async () => {
  await expect(readConfigurationFile("/dev/zero")).rejects.toThrow("wanted at most 1 MiB");
});

test("bytes that are not UTF-8 are refused", async () => {
  await expect(readConfigurationFile(await file(Uint8Array.of(0x61, 0xff)))).rejects.toThrow("wanted UTF-8");
});
