import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { readRunLines } from "#features/evaluations/index.ts";
import { runSignalbox, type Said } from "../support/run-signalbox.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const count = 40;
const questions = Array.from({ length: count }, (_, at) => ({
  question: `What is ${at} times ${at + 1}, please?`,
  answer: String(at * (at + 1)),
}));

let signalbox: TestSignalbox;
let folder = "";
let runs = 0;

beforeAll(async () => {
  signalbox = await startTestSignalbox({
    configuration: testConfiguration
      .replace("variants:", `variants:\n  kept: { pool: [flash], prompt: times@1 }`)
      .replace(
        "routes:",
        `prompts:\n  times: { versions: { 1: { messages: [{ user: "Q: {question}" }] } } }\nroutes:\n  kept: { strategy: { use: kept } }`,
      ),
    answerKeys: {
      questions,
      choices: ["-7"],
      skills: { "gemini-3.8-flash": 1, "gemini-3.5-flash-lite": { easy: 0.5, hard: 0.5 } },
    },
  });
});
afterAll(() => signalbox.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-eval-"));
  const rows = questions.map(({ question, answer }, at) =>
    JSON.stringify({ id: `q${at}`, question, answer, tags: { half: at < count / 2 ? "first" : "second" } }),
  );
  await writeFile(join(folder, "questions.jsonl"), rows.join("\n"));
  return () => rm(folder, { recursive: true });
});

const evaluation = {
  name: "times",
  data: { file: "questions.jsonl" },
  prompt: "Q: {{question}}",
  targets: { flash: { model: "chat/chat-flash" }, lite: { model: "chat/chat-lite" } },
  scorers: { right: { kind: "numeric", reference: "answer" } },
};

async function run(
  written: object,
  ...words: readonly string[]
): Promise<Said & { readonly folder: string }> {
  const file = join(folder, "evaluation.json");
  await writeFile(file, JSON.stringify(written));
  const out = join(folder, `run-${++runs}`);
  const place = words.includes("--resume") ? [] : ["--out", out];
  return { ...(await runSignalbox(signalbox.url, "eval", "run", file, ...place, ...words)), folder: out };
}

async function recordsIn(run: string): Promise<readonly EvaluationRecord[]> {
  const lines = await Array.fromAsync(readRunLines(join(run, "records.jsonl")));
  return lines.flatMap((line) => (line.kind === "finished" ? [line.record] : []));
}

function rightOf(records: readonly EvaluationRecord[], target: string): number {
  return records.filter((record) => {
    const score = record.scores["right"];
    return record.target === target && score?.kind === "scored" && score.passed === true;
  }).length;
}

describe("signalbox eval run", { timeout: 120_000 }, () => {
  test("asks every item of each variant once, and says how good each is", async () => {
    const before = signalbox.ledger().length;
    const said = await run(evaluation);
    expect(said).toMatchObject({ status: 0, err: "" });
    expect(signalbox.ledger().length - before).toBe(2 * count);
    const records = await recordsIn(said.folder);
    expect(records).toHaveLength(2 * count);
    expect(rightOf(records, "flash")).toBe(count);
    expect(rightOf(records, "lite")).toBeGreaterThan(count / 5);
    expect(rightOf(records, "lite")).toBeLessThan((count * 4) / 5);
    expect(records[0]).toMatchObject({
      tags: { half: "first" },
      outcome: { kind: "answered", costUsd: expect.any(Number) },
    });
  });

  test("the log tells which evaluation asked, and the variant on the terms of its route", async () => {
    const said = await run({
      ...evaluation,
      data: { ...evaluation.data, limit: 1 },
      targets: { flash: evaluation.targets.flash },
    });
    const [record] = await recordsIn(said.folder);
    const id = record?.outcome.kind === "answered" ? record.outcome.requestId : undefined;
    await signalbox.eventually(async () => (await signalbox.requests()).some((request) => request.id === id));
    expect(await signalbox.request(id ?? "")).toMatchObject({
      route: "chat/chat-flash",
      variant: "chat-flash",
      tags: { evaluation: "times" },
    });
  });

  test("a prompt that is kept in Signalbox is filled from the fields", async () => {
    const said = await run({
      ...evaluation,
      prompt: undefined,
      variables: ["question"],
      targets: { kept: { model: "kept" } },
    });
    expect(said).toMatchObject({ status: 0, err: "" });
    const records = await recordsIn(said.folder);
    expect(records).toHaveLength(count);
    expect(records.filter(({ scores }) => scores["right"]?.kind === "scored")).toHaveLength(count);
    expect(rightOf(records, "kept")).toBe(count);
  });

  test("stopped by its budget, it goes on where it stopped, and asks nothing twice", async () => {
    const before = signalbox.ledger().length;
    const first = await run(evaluation, "--budget", "0.0002", "--concurrency", "2");
    expect(first.status).toBe(1);
    expect(first.out).toContain("the budget is spent");
    const part = (await recordsIn(first.folder)).length;
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(2 * count);
    const second = await run(evaluation, "--resume", first.folder);
    expect(second).toMatchObject({ status: 0 });
    expect(second.out).toContain(`${2 * count - part} done, ${part} were done before`);
    expect(signalbox.ledger().length - before).toBe(2 * count);
    expect(await recordsIn(first.folder)).toHaveLength(2 * count);
  });

  test("does not go on with a run of something else", async () => {
    const first = await run(evaluation);
    const other = await run({ ...evaluation, prompt: "Another {{question}}" }, "--resume", first.folder);
    expect(other.status).not.toBe(0);
    expect(other.err).toContain("the same evaluation is wanted as when it began");
  });

  test("does not write a second run over one", async () => {
    const first = await run(evaluation);
    const file = join(folder, "evaluation.json");
    const second = await runSignalbox(signalbox.url, "eval", "run", file, "--out", first.folder);
    expect(second.status).not.toBe(0);
    expect(second.err).toContain("a folder without a run is wanted");
  });

  test("overload is waited for: no item is lost to it", async () => {
    signalbox.addFault({ fault: "429-minute", count: 6, parameters: { value: "1000" } });
    const said = await run({ ...evaluation, data: { ...evaluation.data, limit: 10 } });
    expect(said.status).toBe(0);
    const records = await recordsIn(said.folder);
    expect(records.every(({ outcome }) => outcome.kind === "answered")).toBe(true);
  });

  test("a model that nobody knows ends the run early, and says why", async () => {
    const said = await run({
      ...evaluation,
      targets: { gone: { model: "gone" } },
      abort_after: 5,
      concurrency: 1,
    });
    expect(said.status).toBe(1);
    expect(said.out).toMatch(/the last 5 of gone failed, the last one with model_not_found/);
  });

  test("what is wrong with its file is told at its line, before anybody is asked", async () => {
    const before = signalbox.ledger().length;
    const said = await run({ ...evaluation, scorers: { right: { kind: "numerical" } } });
    expect(said.status).toBe(2);
    expect(said.err).toContain("scorers");
    expect(signalbox.ledger().length).toBe(before);
  });

  test("its manifest tells what was run", async () => {
    const said = await run({ ...evaluation, data: { ...evaluation.data, limit: 3 } });
    const manifest: unknown = JSON.parse(await readFile(join(said.folder, "run.json"), "utf8"));
    expect(manifest).toMatchObject({
      name: "times",
      data: { source: "questions.jsonl", items: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      targets: ["flash", "lite"],
      scorers: ["right"],
    });
  });
});
