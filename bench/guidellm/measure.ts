import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A run that both tools make. */
export interface MeasuredRun {
  readonly url: string;
  readonly folder: string;
  readonly prompts: string;
  readonly requests: number;
  readonly rate: number;
}

/** What a tool measured, in the same words. */
export interface MeasuredFigures {
  readonly answered: number;
  /** Means over requests, ms. */
  readonly ttftMs: number;
  readonly itlMs: number;
  readonly tpotMs: number;
  readonly latencyMs: number;
  /** Over the time of the run. */
  readonly outputTokensPerS: number;
}

const model = "gemini-3.8-flash";
/** The emulator takes any key. */
const key = "bench";
const signalbox = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

const guidellmRequest = z.object({
  request_start_time: z.number(),
  request_end_time: z.number(),
  request_latency: z.number(),
  output_tokens: z.number(),
  time_to_first_token_ms: z.number(),
  inter_token_latency_ms: z.number(),
  time_per_output_token_ms: z.number(),
});
const guidellmReport = z.object({
  benchmarks: z.tuple([z.object({ requests: z.object({ successful: z.array(guidellmRequest).min(1) }) })]),
});

/**
 * Measures with GuideLLM. Means are over requests, from what it tells of each: those of its own summary weigh requests by their
 * tokens.
 * @throws Error where it cannot be run
 */
export async function measureByGuidellm(
  run: MeasuredRun & { readonly python: string },
): Promise<MeasuredFigures> {
  const { url, folder, prompts, requests, rate, python } = run;
  const file = join(folder, "guidellm.json");
  const backend = [
    "kind=openai_http",
    `target=${url}`,
    `model=${model}`,
    "request_format=/v1/chat/completions",
    `api_key=${key}`,
    "validate_backend=false",
  ];
  const mapper = { kind: "generative_column_mapper", column_mappings: { text_column: "prompt" } };
  const words = ["run", "--disable-progress"].concat(
    ["--backend", backend.join(","), "--profile", `kind=constant,rate=${rate}`],
    ["--constraint", `kind=max_requests,count=${requests}`, "--data", `kind=json_file,path=${prompts}`],
    ["--data-column-mapper", JSON.stringify(mapper), "--output", `kind=json,path=${file}`],
  );
  await ran(join(dirname(python), "guidellm"), words, {
    HF_HUB_OFFLINE: "1",
    TRANSFORMERS_OFFLINE: "1",
    HF_DATASETS_OFFLINE: "1",
  });
  const report = guidellmReport.parse(JSON.parse(await readFile(file, "utf8")));
  const told = report.benchmarks[0].requests.successful;
  const mean = (of: (request: z.output<typeof guidellmRequest>) => number): number =>
    told.reduce((sum, request) => sum + of(request), 0) / told.length;
  const startS = Math.min(...told.map((request) => request.request_start_time));
  const endS = Math.max(...told.map((request) => request.request_end_time));
  return {
    answered: told.length,
    ttftMs: mean((request) => request.time_to_first_token_ms),
    itlMs: mean((request) => request.inter_token_latency_ms),
    tpotMs: mean((request) => request.time_per_output_token_ms),
    latencyMs: mean((request) => 1_000 * request.request_latency),
    outputTokensPerS: (told.length * mean((request) => request.output_tokens)) / (endS - startS),
  };
}

const metric = z.object({ mean: z.number() });
const ourReport = z.object({
  targets: z.tuple([
    z.object({
      runs: z.tuple([
        z.object({
          requests: z.object({ answered: z.int() }),
          output_tokens_per_s: z.number(),
          metrics: z.object({
            "guidellm.ttft_ms": metric,
            "guidellm.itl_ms": metric,
            "guidellm.tpot_ms": metric,
            "guidellm.request_latency_ms": metric,
          }),
        }),
      ]),
    }),
  ]),
});

/**
 * Measures with `signalbox bench`, by GuideLLM's definitions. A run that says it is invalid counts: what it measured is compared.
 * @throws Error where it cannot be run
 */
export async function measureByOurs({ url, prompts, requests, rate }: MeasuredRun): Promise<MeasuredFigures> {
  const words = [signalbox, "bench", "--json"].concat(
    ["--url", url, "--model", model, "--key-env", "BENCH_KEY", "--prompts", prompts],
    ["--rate", String(rate), "--duration", `${Math.ceil(requests / rate) + 1}s`],
    ["--requests", String(requests)],
  );
  const said = await ran(process.execPath, words, { BENCH_KEY: key }, [0, 3]);
  const [run] = ourReport.parse(JSON.parse(said)).targets[0].runs;
  return {
    answered: run.requests.answered,
    ttftMs: run.metrics["guidellm.ttft_ms"].mean,
    itlMs: run.metrics["guidellm.itl_ms"].mean,
    tpotMs: run.metrics["guidellm.tpot_ms"].mean,
    latencyMs: run.metrics["guidellm.request_latency_ms"].mean,
    outputTokensPerS: run.output_tokens_per_s,
  };
}

/** Runs a program to its end, and gives what it wrote. */
async function ran(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  codes: readonly number[] = [0],
): Promise<string> {
  const child = spawn(program, words, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        new Error(
          `Cannot measure: a Python with GuideLLM is wanted (--python <program>), ${program} cannot be run`,
          { cause },
        ),
      ),
    );
    child.once("close", resolve);
  });
  const [code, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== null && codes.includes(code)) return output;
  throw new Error(`Cannot measure: ${program} ended with ${code}\n${complaint.slice(-2_000)}`);
}
