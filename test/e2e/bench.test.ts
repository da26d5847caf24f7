import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
let folder: string;
beforeAll(async () => {
  signalbox = await startTestSignalbox();
  folder = mkdtempSync(join(tmpdir(), "bench-"));
});
afterAll(async () => {
  await signalbox.close();
  rmSync(folder, { recursive: true });
});

const report = z.object({
  load_generator: z.tuple([
    z.object({ deployments: z.record(z.string(), z.object({ metrics: z.record(z.string(), z.unknown()) })) }),
  ]),
  targets: z.tuple([
    z.object({
      runs: z.tuple([
        z.object({
          requests: z.object({ answered: z.int(), failed: z.int() }),
          usd_per_request: z.number().optional(),
          gateway_ms: z.object({ count: z.int(), mean: z.number() }).optional(),
          metrics: z.record(z.string(), z.object({ count: z.int(), mean: z.number() })),
        }),
      ]),
    }),
  ]),
});

/** Ten requests to a model, one after another; the machine may be too busy for a valid run, which is told by 3. */
async function benched(...words: readonly string[]) {
  const load = ["--profile", "closed", "--users", "1", "--duration", "60s", "--requests", "10"];
  const said = await runSignalbox(
    signalbox.url,
    "bench",
    "--model",
    "gemini-3.8-flash",
    ...load,
    ...words,
    "--json",
  );
  expect([0, 3]).toContain(said.status);
  const { targets, load_generator } = report.parse(JSON.parse(said.out));
  return { ...targets[0].runs[0], deployments: load_generator[0].deployments };
}

describe("signalbox bench on Signalbox", () => {
  test.each(["openai-chat", "gemini"])(
    "in the dialect %s measures streams, and its own part of them",
    async (dialect) => {
      const { requests, metrics, gateway_ms } = await benched("--dialect", dialect);
      expect(requests).toEqual({ answered: 10, failed: 0 });
      expect(metrics["ttft_ms"]?.count).toBe(10);
      expect(metrics["output_tokens"]?.mean).toBeGreaterThan(1);
      expect(gateway_ms?.count).toBe(10);
      expect(gateway_ms?.mean).toBeLessThan(metrics["e2e_ms"]?.mean ?? 0);
    },
  );

  test("has the costs that whole answers tell, and the server's metrics meanwhile", async () => {
    const run = await benched("--no-stream", "--prometheus", `${signalbox.url}/metrics`);
    expect(run.usd_per_request).toBeGreaterThan(0);
    expect(run.metrics).not.toHaveProperty("ttft_ms");
    expect(run.metrics["e2e_ms"]?.count).toBe(10);
    expect(Object.keys(run.deployments["gemini-3.8-flash"]?.metrics ?? {})).toContain(
      "process_resident_memory_bytes",
    );
  });

  test("replays what the request log exports", async () => {
    await signalbox.eventually(async () => (await signalbox.requests()).length >= 20);
    const exported = await fetch(`${signalbox.url}/api/requests/export?format=csv`);
    const trace = join(folder, "log.csv");
    writeFileSync(trace, await exported.text());
    const planned = await runSignalbox(
      signalbox.url,
      "bench",
      "capacity",
      "--trace",
      trace,
      "--bears",
      "10",
      "--json",
    );
    expect(planned.status).toBe(0);
    const { requests, peak_input_tokens_per_minute } = JSON.parse(planned.out);
    expect(requests).toBeGreaterThanOrEqual(20);
    expect(peak_input_tokens_per_minute).toBeGreaterThan(0);
  });
});
