import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { pathOf } from "#cli/experiment/experiment-shape.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, readControlPlane, type ServerAddress } from "#client/signalbox-client.ts";

/** Which results, and where reports go. */
export interface ResultsFlags {
  readonly name: string;
  readonly phase?: number;
  readonly html?: string;
  readonly markdown?: string;
}

/** `signalbox experiment results`: what came of an experiment, by now or in all. */
export async function experimentResults(
  server: ServerAddress,
  { name, phase, html, markdown }: ResultsFlags,
  output: Output,
): Promise<void> {
  const query = new URLSearchParams(phase === undefined ? {} : { phase: String(phase) });
  const report = (format: string): Promise<string> =>
    readControlPlane(
      server,
      `${pathOf(name, "report")}?${new URLSearchParams([...query, ["format", format]]).toString()}`,
    );
  const results = `${pathOf(name, "results")}?${query.toString()}`;
  const json = await callControlPlane(server, { method: "GET", path: results }, z.looseObject({}));
  if (html !== undefined) await writeFile(html, await report("html"));
  if (markdown !== undefined) await writeFile(markdown, await report("markdown"));
  output.result({ json, lines: (await report("text")).trimEnd().split("\n") });
}
