import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";
import { runNode } from "../run-node.ts";

/** Two Gemini generations by their own names, and a route. */
const models = ["gemini-3.8-flash", "gemini-4-argon", "chat"] as const;

/** What is scanned. `modern` asks all that `chat` does, and /v1/responses, whole and streamed. */
const profiles: readonly Profile[] = ["chat", "modern"];

type Profile = "chat" | "modern";

/** Longest scan of one model, ms. */
const scanMsMax = 120_000;

const reportShape = z.object({
  score: z.number(),
  results: z.array(z.object({ id: z.string(), status: z.string(), summary: z.string() })),
});

type Report = z.output<typeof reportShape>;

/** The scanner of somebody else, as anybody may run it against an OpenAI-style API. */
export const claim: Claim = {
  id: "compatcanary",
  title: `CompatCanary's scan of the OpenAI API (profile ${profiles.join(", ")}) over Gemini models`,
  wanted: "100/100",
  async run({ short }) {
    await using signalbox = await startProofSignalbox();
    const scans: { readonly name: string; readonly report: Report }[] = [];
    for (const profile of profiles) {
      for (const model of short ? models.slice(0, 1) : models) {
        const name = profiles.length === 1 ? model : `${model}, ${profile}`;
        scans.push({ name, report: await scan(signalbox.url, model, profile) });
      }
    }
    return {
      ok: scans.every(({ report }) => report.score === 100 && report.results.length > 0),
      figure: scans.map(({ name, report }) => `${report.score}/100 (${name})`).join(", "),
      details: scans.flatMap(({ name, report }) =>
        report.results.map(({ id, status, summary }) => `${name}: ${id} ${status}: ${summary}`),
      ),
    };
  },
};

async function scan(url: string, model: string, profile: Profile): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-proof-"));
  try {
    const report = join(folder, "report.json");
    const scanner = "node_modules/compatcanary/src/cli.js";
    const options = { "base-url": `${url}/v1`, model, profile, format: "json", output: report };
    const { output } = await runNode(
      [scanner, "scan", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])],
      { environment: { OPENAI_API_KEY: "no-key-is-needed" }, timeoutMs: scanMsMax },
    );
    // It ends with 1 when the score is low, which is for the figure to say; without a report it did not scan at all.
    const text = await readFile(report, "utf8").catch((cause: unknown) => {
      throw new Error(`Cannot scan "${model}": a report is wanted, the scanner wrote none\n${output}`, {
        cause,
      });
    });
    return reportShape.parse(JSON.parse(text));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
