import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { readRunLines } from "#features/evaluations/index.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

let signalbox: TestSignalbox;
let folder = "";
beforeAll(async () => {
  signalbox = await startTestSignalbox();
});
afterAll(() => signalbox.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-bad-input-"));
  return () => rm(folder, { recursive: true });
});

/** An item whose answer is what the test wants. */
function saying(id: string, answer: string, fields: object = {}): object {
  return { id, question: `[[say:${answer}]]`, ...fields };
}

async function written(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

interface Terms {
  readonly rows: readonly (object | string)[];
  readonly scorers: object;
  readonly more?: object;
}

function evaluationFile({ rows, scorers, more = {} }: Terms): Promise<string> {
  const lines = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row)));
  const evaluation = {
    name: "bad",
    data: { file: "items.jsonl" },
    prompt: "{{question}}",
    targets: { flash: { model: "chat/chat-flash" } },
    scorers,
    ...more,
  };
  return written("items.jsonl", `${lines.join("\n")}\n`).then(() =>
    written("evaluation.json", JSON.stringify(evaluation)),
  );
}

async function run(terms: Terms) {
  const out = join(folder, "run");
  const said = await runSignalbox(signalbox.url, "eval", "run", await evaluationFile(terms), "--out", out);
  return { ...said, out, records: said.status > 1 ? [] : await recordsIn(out) };
}

async function recordsIn(run: string): Promise<readonly EvaluationRecord[]> {
  const lines = await Array.fromAsync(readRunLines(join(run, "records.jsonl")));
  return lines.flatMap((line) => (line.kind === "finished" ? [line.record] : []));
}

/** What became of each item, by a scorer: its value, or the code of why there is none. */
function endsOf(records: readonly EvaluationRecord[], scorer: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    records.map(({ item, scores }) => {
      const score = scores[scorer];
      return [item, score?.kind === "scored" ? score.value : score?.code];
    }),
  );
}

const reportSchema = z.object({
  runs: z.array(
    z.object({
      targets: z.array(
        z.object({
          scorers: z.array(
            z.object({
              scorer: z.string(),
              unscored: z.array(z.object({ code: z.string(), count: z.number() })),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** Of each scorer, how often there is no score and why, as `signalbox eval report` tells it. */
async function unscoredIn(run: string): Promise<unknown> {
  const said = await runSignalbox(signalbox.url, "eval", "report", run, "--json");
  expect(said).toMatchObject({ status: 0 });
  const scores = reportSchema.parse(JSON.parse(said.out)).runs[0]?.targets[0]?.scorers ?? [];
  return Object.fromEntries(
    scores.map(({ scorer, unscored }) => [
      scorer,
      Object.fromEntries(unscored.map(({ code, count }) => [code, count])),
    ]),
  );
}

describe("bad input", { timeout: 240_000 }, () => {
  test("rows that are no items are told by line and reason, and the others are asked", async () => {
    const file = await evaluationFile({
      rows: [
        saying("good", "1", { answer: 1 }),
        '{"id": "broken", "question": ',
        "[1, 2]",
        saying("good", "2", { answer: 2 }),
        saying("better", "3", { answer: 3 }),
      ],
      scorers: { right: { kind: "numeric", reference: "answer" } },
    });
    const checked = await runSignalbox(signalbox.url, "data", "check", join(folder, "items.jsonl"));
    expect(checked.out).toMatch(/3 rows refused/);
    for (const line of [2, 3, 4]) expect(checked.out).toContain(`line ${line}:`);
    const out = join(folder, "run");
    expect(await runSignalbox(signalbox.url, "eval", "run", file, "--out", out)).toMatchObject({ status: 0 });
    expect(endsOf(await recordsIn(out), "right")).toEqual({ good: 1, better: 1 });
  });

  test("data without an item is refused before anybody is asked", async () => {
    const before = signalbox.ledger().length;
    const said = await run({ rows: ["{", "[]"], scorers: {} });
    expect(said.status).toBe(2);
    expect(said.err).toContain("at least one item is wanted");
    expect(signalbox.ledger().length).toBe(before);
  });

  test("an item without its reference has no score, and is no wrong answer", async () => {
    const { status, records, out } = await run({
      rows: [
        saying("right", "5", { answer: 5 }),
        saying("wrong", "6", { answer: 5 }),
        saying("none", "5"),
        saying("null", "5", { answer: null }),
        saying("other", "5", { answer: { is: 5 } }),
      ],
      scorers: { right: { kind: "numeric", reference: "answer" } },
    });
    expect(status).toBe(0);
    expect(endsOf(records, "right")).toEqual({
      right: 1,
      wrong: 0,
      none: "reference-missing",
      null: "reference-missing",
      other: "reference-invalid",
    });
    expect(await unscoredIn(out)).toEqual({ right: { "reference-missing": 2, "reference-invalid": 1 } });
  });

  test("scorers that throw, hang, loop, give NaN or nothing score nothing, and the run goes on", async () => {
    await written(
      "by-its-word.ts",
      `export default async ({ text }: { text: string }): Promise<unknown> => {
        if (text === "throw") throw new Error("no such field");
        if (text === "loop") for (;;);
        if (text === "hang") return new Promise(() => undefined);
        if (text === "end") process.exit(1);
        return { nan: NaN, nothing: undefined, prose: "good", fine: { value: 0.5, reason: "fine" } }[text];
      };`,
    );
    const words = ["throw", "loop", "hang", "end", "nan", "nothing", "prose", "fine"];
    const { status, records, out } = await run({
      rows: words.map((word) => saying(word, word)),
      scorers: {
        own: { kind: "module", file: "by-its-word.ts", timeout: 3 },
        short: { kind: "contains", expected: "e" },
      },
    });
    expect(status).toBe(0);
    expect(endsOf(records, "own")).toEqual({
      throw: "scorer-failed",
      loop: "scorer-timeout",
      hang: "scorer-timeout",
      end: "scorer-failed",
      nan: "not-a-number",
      nothing: "scorer-unreadable",
      prose: "scorer-unreadable",
      fine: 0.5,
    });
    expect(Object.values(endsOf(records, "short")).every((end) => typeof end === "number")).toBe(true);
    expect(await unscoredIn(out)).toEqual({
      own: { "scorer-failed": 2, "scorer-timeout": 2, "scorer-unreadable": 2, "not-a-number": 1 },
      short: {},
    });
  });

  test("a scorer that cannot be loaded is known before anybody is asked", async () => {
    const before = signalbox.ledger().length;
    const said = await run({
      rows: [saying("one", "1")],
      scorers: { own: { kind: "module", file: "missing.ts" } },
    });
    expect(said.status).toBe(2);
    expect(said.err).toContain('Cannot make scorer "own"');
    expect(signalbox.ledger().length).toBe(before);
  });

  test("a judge that answers prose leaves no score", async () => {
    const { status, records, out } = await run({
      // The judge reads the conversation, and does what it says.
      rows: [saying("prose", "What a lovely answer."), { id: "plain", question: "How are you?" }],
      scorers: { liked: { kind: "judge", model: "chat/chat-lite", criteria: "It is friendly." } },
    });
    expect(status).toBe(0);
    expect(endsOf(records, "liked")).toEqual({ prose: "judge-unreadable", plain: expect.any(Number) });
    expect(records.every(({ judging }) => judging?.calls === 1)).toBe(true);
    expect(await unscoredIn(out)).toEqual({ liked: { "judge-unreadable": 1 } });
  });

  test("programs that loop, allocate, start processes or open sockets are wrong, say why, and harm nobody", async () => {
    const programs = {
      right: "def double(x): return 2 * x",
      loops: "while True: pass",
      allocates: "x = []\nwhile True: x.append(bytearray(10_000_000))",
      forks: "import os\nwhile True: os.fork()",
      connects: "import socket\nsocket.create_connection(('127.0.0.1', 80))",
      writes: "open('/tmp/signalbox-was-here', 'w')",
      leaves: "import os\ndef double(x): os._exit(0)",
      reads: "open('/etc/hostname')",
      nothing: "I cannot help with that.",
    };
    const { status, records, out } = await run({
      rows: Object.entries(programs).map(([id, program]) =>
        saying(id, program, { test: "assert double(2) == 4" }),
      ),
      scorers: { passes: { kind: "code", language: "python", timeout: 2, memory_mb: 128 } },
    });
    expect(status).toBe(0);
    expect(endsOf(records, "passes")).toEqual({
      right: 1,
      loops: 0,
      allocates: 0,
      forks: 0,
      connects: 0,
      writes: 0,
      leaves: 0,
      reads: 0,
      nothing: 0,
    });
    const reasonOf = (id: string) => {
      const score = records.find(({ item }) => item === id)?.scores["passes"];
      return score?.kind === "scored" ? score.reason : undefined;
    };
    expect(reasonOf("loops")).toContain("did not end within 2 s");
    expect(reasonOf("allocates")).toContain("more than 128 MB");
    expect(reasonOf("leaves")).toBe("It ended before its tests did");
    for (const id of ["forks", "connects", "writes", "reads"]) expect(reasonOf(id)).toContain("not allowed");
    expect(await unscoredIn(out)).toEqual({ passes: {} });
  });
});

// A limit of the process stands for the disk: both refuse bytes, and break a line in the middle.
describe("a full disk", { timeout: 240_000 }, () => {
  test("from the beginning on is told before anybody is asked", async () => {
    const before = signalbox.ledger().length;
    const file = await evaluationFile({ rows: numbered(2), scorers: {} });
    const said = await limited(0, signalbox.url, "eval", "run", file, "--out", join(folder, "run"));
    expect(said.status).toBe(3);
    expect(said.err).toContain(`Cannot lock directory "${join(folder, "run")}"`);
    expect(signalbox.ledger().length).toBe(before);
  });

  test("meanwhile ends the run and loses nothing that was kept, and when there is room again the rest is done", async () => {
    const out = join(folder, "run");
    const before = signalbox.ledger().length;
    const file = await evaluationFile({ rows: numbered(40), scorers: {}, more: { concurrency: 4 } });
    const said = await limited(16, signalbox.url, "eval", "run", file, "--out", out);
    expect(said.status).toBe(3);
    expect(said.err).toContain("writing fails with EFBIG; what was kept before stays");
    const kept = await recordsIn(out);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(40);
    const more = await runSignalbox(signalbox.url, "eval", "run", file, "--resume", out, "--json");
    expect(more.status).toBe(0);
    const end = z.object({ done: z.number(), done_before: z.number(), lost_before: z.number() });
    const { done, done_before: doneBefore, lost_before: lost } = end.parse(JSON.parse(more.out));
    expect({ done, doneBefore }).toEqual({ done: 40 - kept.length, doneBefore: kept.length });
    expect(lost).toBeLessThanOrEqual(4);
    expect(signalbox.ledger().length - before).toBeLessThanOrEqual(40 + lost);
    const ids = (await recordsIn(out)).map(({ item }) => item);
    expect(new Set(ids).size).toBe(40);
  });
});

function numbered(count: number): readonly object[] {
  return Array.from({ length: count }, (_, at) => saying(`q${at}`, "x".repeat(200)));
}

/** Runs a command that may write files of so many blocks of 512 bytes. */
async function limited(blocks: number, url: string, ...words: readonly string[]) {
  const shell = ["-c", `ulimit -f ${blocks}; exec "$@"`, "sh", process.execPath, script, ...words];
  const child = spawn("sh", shell, {
    env: { PATH: process.env["PATH"] ?? "", SIGNALBOX_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, "close");
  const [out, err] = await said;
  return { status: Number(status), out, err };
}
