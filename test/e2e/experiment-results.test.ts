import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `version: 1
providers: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key } }
deployments: { flash: { provider: google, model: gemini-3.5-flash-lite } }
variants:
  long: { pool: [flash] }
  short: { pool: [flash], parameters: { max_output_tokens: 90 } }
routes: { chat: { strategy: { use: long } } }
metrics:
  by_human: { event: resolved, source: human }
  solved: { event: resolved, aggregation: conversion }
experiments:
  shorter:
    route: chat
    variants: { long: 50%, short: 50% }
    primary: { output_tokens: { minimum_effect: -5% } }
    secondary: [resolved, resolved_per_unit, by_human, solved]
    utility: { in: output_tokens, worth: { resolved: 1 per +1pp } }
    guardrails: { error_rate: +5pp, latency_p50: +900% }
    minimum: { units: 100, days: 0 }
`;

const conversations = 400;
const results = z.looseObject({
  phase: z.int(),
  verdict: z.looseObject({ decision: z.string(), variant: z.string().nullable(), sentence: z.string() }),
  variants: z.array(z.looseObject({ name: z.string(), units: z.int() })),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      role: z.string(),
      variants: z.array(z.looseObject({ value: z.number().nullable() })),
    }),
  ),
  utility: z.looseObject({ covariances: z.string() }),
  findings: z.array(z.looseObject({ code: z.string() })),
});

let box: TestSignalbox;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "experiment-results-"));
  box = await startTestSignalbox({ configuration });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await box.close();
});

async function ask(conversation: number): Promise<void> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": `c${conversation}` },
    body: JSON.stringify({
      model: "chat",
      messages: [{ role: "user", content: `Tell me about ${conversation}` }],
    }),
  });
  await response.arrayBuffer();
}

/** Feedback of every conversation, true of every fourth. */
async function rate(): Promise<void> {
  for (let conversation = 0; conversation < conversations; conversation++) {
    const outcome = conversation % 4 === 0;
    const said = { conversation: `c${conversation}`, name: "resolved", source: "human", outcome };
    const response = await box.post("/v1/feedback", said);
    expect(response.status).toBeLessThan(300);
  }
}

async function read() {
  const response = await fetch(`${box.url}/api/experiments/shorter/results`);
  return { status: response.status, body: results.safeParse(await response.json()).data };
}

test("an experiment is designed, runs over real requests, and says what to do", async () => {
  const draft = await runSignalbox(box.url, "experiment", "results", "shorter");
  expect(draft).toMatchObject({ status: 1 });
  expect(draft.err).toContain("one that was started is wanted, it is a draft");
  expect((await runSignalbox(box.url, "experiment", "start", "shorter")).status).toBe(0);

  const early = (await read()).body;
  expect(early?.verdict.decision).toBe("keep-running");
  expect(early?.verdict.sentence).toContain("a verdict needs 100 of each variant");

  for (let from = 0; from < conversations; from += 40)
    await Promise.all(Array.from({ length: 40 }, (_, at) => ask(from + at)));
  const counted = async () => (await read()).body?.variants.reduce((sum, { units }) => sum + units, 0);
  await eventually(async () => (await counted()) === conversations);

  await rate();

  const known = (await read()).body;
  expect(known?.verdict).toMatchObject({ decision: "ship", variant: "short" });
  expect(known?.findings).toEqual([]);
  expect(known?.metrics.map(({ name, role }) => `${role} ${name}`)).toEqual([
    "primary output_tokens",
    "secondary resolved",
    "secondary resolved_per_unit",
    "secondary by_human",
    "secondary solved",
    "secondary fallback_rate",
    "secondary latency",
    "secondary cost_per_request",
    "guardrail error_rate",
    "guardrail latency_p50",
  ]);
  const valuesOf = (metric: string) =>
    known?.metrics.find(({ name }) => name === metric)?.variants.map(({ value }) => value ?? Number.NaN) ??
    [];
  for (const name of ["resolved", "resolved_per_unit", "by_human", "solved"])
    for (const value of valuesOf(name)) expect(Math.abs(value - 0.25)).toBeLessThan(0.12);
  expect(known?.utility.covariances).toBe("known");
  for (const value of valuesOf("latency_p50")) expect(value).toBeGreaterThan(0);

  const [html, markdown, csv] = [
    join(folder, "report.html"),
    join(folder, "report.md"),
    join(folder, "results.csv"),
  ];
  const said = await runSignalbox(
    box.url,
    "experiment",
    "results",
    "shorter",
    "--html",
    html,
    "--markdown",
    markdown,
    "--csv",
    csv,
  );
  expect(said).toMatchObject({ status: 0, err: "" });
  expect(said.out).toMatch(/^Ship short: output_tokens is better by -/);
  expect(readFileSync(html, "utf8")).toContain("<h1>shorter, phase 1</h1>");
  expect(readFileSync(markdown, "utf8")).toContain("# shorter, phase 1");
  const rows = readFileSync(csv, "utf8").split("\r\n");
  expect(rows[1]).toMatch(/^output_tokens,primary,lower,-0.05,relative,short,long,/);
  // The header, ten metrics, and what follows the last line end.
  expect(rows).toHaveLength(12);
});

test("what there is not is said", async () => {
  expect((await fetch(`${box.url}/api/experiments/none/results`)).status).toBe(404);
  expect((await fetch(`${box.url}/api/experiments/shorter/results?phase=7`)).status).toBe(404);
  expect((await fetch(`${box.url}/api/experiments/shorter/report?format=pdf`)).status).toBe(400);
  expect((await fetch(`${box.url}/api/experiments/shorter/results?table=all`)).status).toBe(400);
  const page = await fetch(`${box.url}/api/experiments/shorter/report?format=html`);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const table = await fetch(`${box.url}/api/experiments/shorter/results?format=csv&table=findings`);
  expect(table.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(table.headers.get("content-disposition")).toContain('filename="shorter-findings.csv"');
  expect(await table.text()).toMatch(/^severity,code,about,text\r\nverdict,ship,short,Ship short: /);
});
