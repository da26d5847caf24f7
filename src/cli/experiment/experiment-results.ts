import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { pathOf } from "#cli/experiment/experiment-shape.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, readControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import type { CsvTable } from "#features/experiments/index.ts";

/** Which results, and where reports go. */
export interface ResultsFlags {
  readonly name: string;
  readonly phase?: number;
  readonly html?: string;
  readonly markdown?: string;
  readonly csv?: string;
  /** Which table the CSV has. */
  readonly table?: CsvTable;
}

/** `signalbox experiment results`: what came of an experiment, by now or in all. */
export async function experimentResults(
  server: ServerAddress,
  { name, phase, html, markdown, csv, table = "metrics" }: ResultsFlags,
  output: Output,
): Promise<void> {
  const query = new URLSearchParams(phase === undefined ? {} : { phase: String(phase) });
  const page = (of: "report" | "results", more: Readonly<Record<string, string>>): Promise<string> =>
    readControlPlane(
      server,
      `${pathOf(name, of)}?${new URLSearchParams([...query, ...Object.entries(more)]).toString()}`,
    );
  const results = `${pathOf(name, "results")}?${query.toString()}`;
  const json = await callControlPlane(server, { method: "GET", path: results }, z.looseObject({}));
  if (html !== undefined) await writeFile(html, await page("report", { format: "html" }));
  if (markdown !== undefined) await writeFile(markdown, await page("report", { format: "markdown" }));
  if (csv !== undefined) await writeFile(csv, await page("results", { format: "csv", table }));
  output.result({ json, lines: (await page("report", { format: "text" })).trimEnd().split("\n") });
}
