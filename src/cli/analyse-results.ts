import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Output } from "#cli/output.ts";
import {
  analyseResults,
  analysisCsv,
  analysisHtml,
  analysisLines,
  analysisMarkdown,
  analysisView,
  type CsvTable,
} from "#features/experiments/index.ts";

/** What is analysed, and where reports go. */
export interface AnalyseFlags {
  /** A CSV file of results. */
  readonly file: string;
  /** A YAML file with what is to be decided; assumed where there is none. */
  readonly plan?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly csv?: string;
  /** Which table the CSV has. */
  readonly table?: CsvTable;
}

/** `signalbox experiment analyse`: needs no running Signalbox. */
export async function analyseFile(
  { file, plan: planPath, html, markdown, csv, table = "metrics" }: AnalyseFlags,
  output: Output,
): Promise<void> {
  const { rows, plan, clustering, analysis } = await analyseResults(file, planPath);
  const input = { title: basename(file), plan, analysis, counts: clustering.counts };
  if (html !== undefined) await writeFile(html, analysisHtml(input));
  if (markdown !== undefined) await writeFile(markdown, analysisMarkdown(input));
  if (csv !== undefined) await writeFile(csv, analysisCsv(input, table));
  output.result({
    json: {
      ...analysisView(plan, analysis, clustering.counts),
      file: {
        name: basename(file),
        rows: rows.rowsRead,
        rows_used: clustering.used.length,
        dropped_rows: rows.droppedRows,
        dropped_values: rows.droppedValues,
      },
    },
    lines: analysisLines(input),
  });
}
