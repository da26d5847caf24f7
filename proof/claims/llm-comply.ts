import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";
import { repository, runProgram } from "../run-node.ts";

/** The version whose verdict is told. It is a Python package: https://pypi.org/project/llm-comply/ */
const version = "0.5.0";
/** Where it is installed, once. */
const place = join(repository, "node_modules/.cache", `llm-comply-${version}`);
/** Its Python. Scripts beside it know the folder that they were installed in, and a checkout may be moved. */
const python = join(place, "bin/python");
const installMsMax = 180_000;
const scanMsMax = 180_000;

/** What is scanned: how the format is called there, and what its clients send beside. */
const formats = [
  { format: "openai-chat", below: "/v1", more: [] },
  { format: "open-responses", below: "/v1", more: [] },
  {
    format: "anthropic",
    below: "/v1",
    more: ["--auth-header", "x-api-key", "--no-bearer", "-H", "anthropic-version:2023-06-01"],
  },
  { format: "google-genai", below: "", more: ["--auth-header", "x-goog-api-key", "--no-bearer"] },
] as const;

const reportShape = z.object({
  results: z
    .array(z.object({ id: z.string(), status: z.string(), errors: z.array(z.string()).nullish() }))
    .min(1),
});

type Result = z.output<typeof reportShape>["results"][number];

/** The checks of somebody else, which hold answers against the published specifications. */
export const claim: Claim = {
  id: "llm-comply",
  title: `llm-comply ${version} finds answers in four dialects as their specifications want them`,
  wanted: "no test failed; those that are for other makers' models only are skipped by it",
  async run({ short }) {
    const missing = await installed();
    if (missing !== undefined)
      return { ok: short, figure: "not measured", judgedBy: "where Python installs it", details: [missing] };
    await using signalbox = await startProofSignalbox();
    const scans: { readonly format: string; readonly results: readonly Result[] }[] = [];
    for (const { format, below, more } of formats) {
      scans.push({ format, results: await scan(format, signalbox.url + below, more) });
    }
    return {
      ok: scans.every(({ results }) => results.every(({ status }) => status !== "failed")),
      figure: scans
        .map(({ format, results }) => `${count(results, "passed")} of ${asked(results)} (${format})`)
        .join(", "),
      details: scans.flatMap(({ format, results }) =>
        results
          .filter(({ status }) => status !== "passed")
          .map(({ id, status, errors }) => `${format}: ${id} ${status}: ${(errors ?? []).join("; ")}`),
      ),
    };
  },
};

function count(results: readonly Result[], wanted: string): number {
  return results.filter(({ status }) => status === wanted).length;
}

function asked(results: readonly Result[]): number {
  return results.length - count(results, "skipped");
}

/** Installs it, where that was not done before. @returns why it cannot be */
async function installed(): Promise<string | undefined> {
  if (await runs()) return undefined;
  try {
    const made = await runProgram("python3", ["-m", "venv", place], { timeoutMs: installMsMax });
    if (made.code !== 0) return `Python makes no place for it: ${made.output}`;
  } catch (error) {
    return `There is no Python: ${error instanceof Error ? error.message : typeof error}`;
  }
  const added = await runProgram(python, ["-m", "pip", "install", "--quiet", `llm-comply==${version}`], {
    timeoutMs: installMsMax,
  });
  return added.code === 0 ? undefined : `pip does not install it: ${added.output}`;
}

async function runs(): Promise<boolean> {
  if (!existsSync(python)) return false;
  return (await runProgram(python, ["-c", "import llm_comply"], { timeoutMs: scanMsMax })).code === 0;
}

async function scan(format: string, url: string, more: readonly string[]): Promise<readonly Result[]> {
  // It says what it found on its output, as JSON, and ends with 1 where a test failed.
  const { output } = await runProgram(
    python,
    [
      "-c",
      "from llm_comply.cli import main; main()",
      "--format",
      format,
      "-u",
      url,
      "-k",
      "no-key-is-needed",
      "-m",
      "gemini-3.8-flash",
      "--json",
      ...more,
    ],
    { timeoutMs: scanMsMax },
  );
  return reportShape.parse(JSON.parse(output)).results;
}
