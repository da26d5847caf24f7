import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answered } from "../../../core/scoring/scored.test-support.ts";
import type { ScorerModule } from "./module-thread.ts";
import { ModuleThreads } from "./module-threads.ts";

const signal = new AbortController().signal;

/** A module that does what the answer says. */
const obedient = `
  import type { ScoredAnswer } from "somewhere";
  const doings: Record<string, (answer: { fields: { reference: string } }) => unknown> = {
    number: () => 0.5,
    later: async () => true,
    object: ({ fields }) => ({ value: 1, reason: fields.reference }),
    throw: () => { throw new Error("no such field") },
    nan: () => NaN,
    nothing: () => undefined,
    function: () => () => 1,
    loop: () => { for (;;) {} },
    hang: () => new Promise(() => {}),
    exit: () => process.exit(0),
    allocate: () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)) },
    leave: () => { setTimeout(() => { throw new Error("left behind") }, 0); return new Promise(() => {}) },
    print: () => { console.log("printed"); return 1 },
  };
  export default (answer: ScoredAnswer) => doings[answer.text]!(answer);
`;

let folder = "";
let threads: ModuleThreads;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-scorers-"));
  await writeFile(join(folder, "obedient.ts"), obedient);
  await writeFile(join(folder, "none.js"), "export const score = () => 1;");
  await writeFile(join(folder, "broken.js"), "export default (");
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  threads = new ModuleThreads();
});
afterEach(() => threads[Symbol.asyncDispose]());

function module(file = "obedient.ts", limits: Partial<ScorerModule> = {}): ScorerModule {
  return { file: join(folder, file), timeoutMs: 60_000, memoryMb: 64, ...limits };
}

function score(text: string, limits: Partial<ScorerModule> = {}, own = signal) {
  return threads.score(module("obedient.ts", limits), answered({ text, fields: { reference: "why" } }), own);
}

describe("a module that scores", { timeout: 120_000 }, () => {
  test("gives a number, a truth value, or a score, at once or later", async () => {
    expect(await score("number")).toEqual({ kind: "scored", value: 0.5 });
    expect(await score("later")).toEqual({ kind: "scored", value: 1, passed: true });
    expect(await score("object")).toEqual({ kind: "scored", value: 1, reason: "why" });
  });

  test.each([
    ["throw", "scorer-failed", "no such field"],
    ["nan", "not-a-number", "NaN"],
    ["nothing", "scorer-unreadable", "undefined"],
    ["function", "scorer-unreadable", "function"],
    ["exit", "scorer-failed", "it ended its thread"],
    ["allocate", "scorer-failed", "it took more than 64 MB"],
    ["leave", "scorer-failed", "left behind"],
  ])("that does %s gives no score and says why, and the next answer has its own", async (text, code, why) => {
    expect(await score(text)).toEqual({ kind: "unscored", code, message: expect.stringContaining(why) });
    expect(await score("number")).toEqual({ kind: "scored", value: 0.5 });
  });

  test.each(["loop", "hang"])("that does %s is ended, and ends no other's score", async (text) => {
    const limits = { timeoutMs: 2_000 };
    const scores = await Promise.all([score("number", limits), score(text, limits), score("number", limits)]);
    expect(scores).toMatchObject([{ value: 0.5 }, { code: "scorer-timeout" }, { value: 0.5 }]);
  });

  test("is told to stop with its run", async () => {
    const stop = new AbortController();
    const scoring = score("hang", {}, stop.signal);
    stop.abort();
    expect(await scoring).toMatchObject({ kind: "unscored", code: "scorer-failed" });
  });

  test("more answers than threads wait for one", async () => {
    const scores = await Promise.all(Array.from({ length: 20 }, () => score("number")));
    expect(scores.every(({ kind }) => kind === "scored")).toBe(true);
  });

  test.each([
    ["missing.ts", "missing.ts"],
    ["none.js", "a function is wanted as its default export"],
    ["broken.js", "Unexpected end of input"],
  ])("that cannot be loaded (%s) is known before it is asked", async (file, why) => {
    expect(await threads.check(module(file))).toEqual({ ok: false, error: expect.stringContaining(why) });
    expect(await threads.check(module())).toMatchObject({ ok: true });
  });
});
