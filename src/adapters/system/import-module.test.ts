import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { importModule, loadMsMax, LoadTimeError, pathBelow } from "./import-module.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-import-"));
mkdirSync(join(folder, "inner"));
writeFileSync(join(folder, "outside.ts"), "export const a = 1;");
writeFileSync(join(folder, "inner/waits.ts"), "await new Promise(() => undefined);");
writeFileSync(join(folder, "inner/fails.ts"), "throw new RangeError('at the top');");
writeFileSync(join(folder, "inner/good.ts"), "export const a: number = 1;");
symlinkSync(join(folder, "outside.ts"), join(folder, "inner/link.ts"));
afterAll(() => rmSync(folder, { recursive: true }));

const address = (file: string) => pathToFileURL(join(folder, file));

test("gives what a module exports, and throws what it throws", async () => {
  const time = new FakeTime();
  expect(await importModule(address("inner/good.ts"), time)).toMatchObject({ a: 1 });
  await expect(importModule(address("inner/fails.ts"), time)).rejects.toThrow(new RangeError("at the top"));
  expect(time.waiting).toBe(0);
});

test("does not wait for a module that waits for ever", async () => {
  const time = new FakeTime();
  const loading = importModule(address("inner/waits.ts"), time);
  time.advance(loadMsMax);
  await expect(loading).rejects.toThrow(LoadTimeError);
});

test("a path leads to a file below the folder, whatever it is called and linked to", async () => {
  const below = join(folder, "inner");
  expect(await pathBelow(below, "./good.ts")).toMatch(/inner.good\.ts$/);
  await expect(pathBelow(below, "./link.ts")).rejects.toThrow("leads out of it");
  await expect(pathBelow(below, "../outside.ts")).rejects.toThrow("leads out of it");
  await expect(pathBelow(below, "absent.ts")).rejects.toThrow("ENOENT");
});
