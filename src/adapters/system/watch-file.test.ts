import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { systemTimers } from "./system-timers.ts";
import { watchFile, type WatchOptions } from "./watch-file.ts";

let folder: string;
let path: string;
const stops: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-watch-"));
  path = join(folder, "signalbox.yaml");
  await writeFile(path, "one");
});

afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await rm(folder, { recursive: true, force: true });
});

/** A watch under way, and a way to wait for what it tells next. */
async function watched(options: Partial<WatchOptions> = {}) {
  let told = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const world = { changes: 0, errors: 0 };
  const stop = watchFile(path, {
    timers: systemTimers,
    settleMs: 10,
    onReady: ready.resolve,
    onChange() {
      world.changes += 1;
      told.resolve();
      told = Promise.withResolvers();
    },
    onError: () => void (world.errors += 1),
    ...options,
  });
  stops.push(stop);
  await ready.promise;
  return Object.assign(world, { stop, next: () => told.promise });
}

test("a file that is written to is told", async () => {
  const watch = await watched();
  const next = watch.next();
  await writeFile(path, "two words");
  await next;
});

test("a file that another takes the place of is told, as editors do, and again the next time", async () => {
  const watch = await watched();
  for (const text of ["two", "three"]) {
    const next = watch.next();
    await writeFile(`${path}~`, text);
    await rename(`${path}~`, path);
    await next;
  }
});

test("a link that is swapped beside the file is told, as Kubernetes does", async () => {
  for (const version of ["a", "b"]) {
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}`, "signalbox.yaml"), version);
  }
  await rm(path);
  await symlink("..a", join(folder, "..data"));
  await symlink(join("..data", "signalbox.yaml"), path);
  const watch = await watched();
  const next = watch.next();
  await symlink("..b", join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  await next;
});

test("a file that is gone, and one that is there again, are told", async () => {
  const watch = await watched();
  const gone = watch.next();
  await rm(path);
  await gone;
  const back = watch.next();
  await writeFile(path, "one");
  await back;
});

test("what happens to other files of the folder is not told", async () => {
  const watch = await watched();
  await writeFile(join(folder, "other"), "text");
  const next = watch.next();
  await writeFile(path, "two");
  await next;
  expect(watch.changes).toBe(1);
});

test("a file of a folder that belongs to it is told: written, new, gone", async () => {
  const prompts = join(folder, "prompts");
  await mkdir(prompts);
  const watch = await watched({ folder: prompts });
  const file = join(prompts, "support.yaml");
  for (const change of [() => writeFile(file, "one"), () => writeFile(file, "two words"), () => rm(file)]) {
    const next = watch.next();
    await change();
    await next;
  }
});

test("a folder that comes later is found by the slow look", async () => {
  const prompts = join(folder, "prompts");
  const watch = await watched({ folder: prompts, pollMs: 20 });
  await mkdir(prompts);
  const next = watch.next();
  await writeFile(join(prompts, "support.yaml"), "one");
  await next;
});

test("where the system tells nothing, the slow look finds it", async () => {
  const time = new FakeTime();
  // Under time that stands still no sign is ever followed: only the look that is due by the clock is left.
  const watch = await watched({ timers: time, settleMs: 60_000, pollMs: 1_000 });
  await utimes(path, 1, 1);
  const next = watch.next();
  time.advance(1_000);
  await next;
});

test("a folder that is not there is an error that is told, and the file is found when it comes", async () => {
  const time = new FakeTime();
  await rm(folder, { recursive: true });
  const watch = await watched({ timers: time, pollMs: 1_000 });
  expect(watch.errors).toBe(1);
  await mkdir(folder);
  await writeFile(path, "one");
  const next = watch.next();
  time.advance(1_000);
  await next;
});

test("after a stop nothing is told, and no timer is left", async () => {
  const time = new FakeTime();
  const watch = await watched({ timers: time, pollMs: 1_000 });
  watch.stop();
  await writeFile(path, "two");
  time.advance(10_000);
  expect([watch.changes, time.waiting]).toEqual([0, 0]);
});
