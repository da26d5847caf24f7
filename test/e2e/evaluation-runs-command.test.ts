import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const rows = Array.from({ length: 8 }, (_, at) => ({
  id: `q${at}`,
  question: `What is ${at} and ${at}?`,
  answer: `${2 * at}`,
  split: at < 6 ? "test" : "train",
}));

const evaluation = {
  name: "sums",
  data: { file: "sums.jsonl", split: "test" },
  prompt: "{{question}}",
  targets: { flash: { model: "chat/chat-flash" } },
  scorers: { right: { kind: "contains", reference: "answer" } },
  parameters: { temperature: 0 },
};

let signalbox: TestSignalbox;
let folder: string;
let file: string;
beforeAll(async () => {
  signalbox = await startTestSignalbox();
  folder = mkdtempSync(join(tmpdir(), "eval-start-"));
  file = join(folder, "sums.yaml");
  writeFileSync(join(folder, "sums.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  writeFileSync(file, JSON.stringify(evaluation));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await signalbox.close();
});

const evaluate = (...words: readonly string[]) => runSignalbox(signalbox.url, "eval", ...words);

function manifestIn(run: string) {
  return JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
}

test("a run is started from a file, fetched as a folder, and compared with one of this machine: they are of the same", async () => {
  const started = await evaluate("start", file, "--json");
  expect(started).toMatchObject({ status: 0 });
  const run = JSON.parse(started.out);
  expect(run).toMatchObject({ state: "finished", done: 6, total: 6 });
  expect((await evaluate("runs")).out).toContain(`${run.id}  sums  finished  6 of 6`);

  const fetched = join(folder, "fetched");
  expect(await evaluate("fetch", run.id, "--out", fetched)).toMatchObject({ status: 0, err: "" });
  const local = join(folder, "local");
  expect((await evaluate("run", file, "--out", local)).status).toBe(0);
  const [one, other] = [manifestIn(fetched), manifestIn(local)];
  expect({ ...one, started_at: "" }).toEqual({ ...other, started_at: "" });
  const compared = await evaluate("compare", fetched, "--baseline", local);
  expect(compared).toMatchObject({ status: 0, err: "" });
  expect(await evaluate("fetch", run.id, "--out", fetched)).toMatchObject({ status: 2 });
});

test("one that ends before all is done says why, and is gone on with", async () => {
  const bounded = join(folder, "bounded.yaml");
  writeFileSync(bounded, JSON.stringify({ ...evaluation, budget_usd: 0.000_000_1, concurrency: 1 }));
  const stopped = await evaluate("start", bounded, "--json");
  expect(stopped.status).toBe(1);
  const { id, stop } = JSON.parse(stopped.out);
  expect(stop.kind).toBe("budget");
  expect(await evaluate("stop", id)).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^Cannot stop run/),
  });
  const again = await evaluate("resume", id, "--budget", "5", "--concurrency", "2");
  expect(again).toMatchObject({ status: 0, err: "" });
  expect(again.out).toMatch(/\nfinished, 6 of 6, \$/);
});

test("one that is left alone goes on; a run that there is not is told", async () => {
  const detached = await evaluate("start", file, "--detach", "--json");
  expect(detached.status).toBe(0);
  const { id } = JSON.parse(detached.out);
  const state = async () =>
    JSON.parse((await evaluate("runs", "--json")).out).find((run: { id: string }) => run.id === id).state;
  await eventually(async () => (await state()) === "finished", 20_000);
  const none = await evaluate("fetch", "019ac4e2-5d2e-7c41-9b3a-5e8f0c6d2a17");
  expect(none).toMatchObject({ status: 2, err: expect.stringMatching(/^Cannot find run/) });
});
