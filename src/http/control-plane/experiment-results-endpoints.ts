import { z } from "zod";
import {
  analysisCsv,
  analysisHtml,
  analysisLines,
  analysisMarkdown,
  analysisShape,
  duelsShape,
  duelView,
  analysisView,
  csvTables,
  experimentParams,
  type ExperimentReading,
  type ExperimentResults,
} from "#features/experiments/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { inputReader } from "#http/served.ts";

/** What the results of experiments are read from. */
export type ResultsPort = Pick<ExperimentResults, "read">;

/** `/api/experiments/{name}/results` and `report`: what came of an experiment, by now or in all. */
export function experimentResultsEndpoints(results: ResultsPort): readonly ServedEndpoint[] {
  return [resultsEndpoint(results), reportEndpoint(results)];
}

const shared = { tag: "Experiments", protection: "admin" } as const;

const phase = z.coerce
  .number()
  .int()
  .min(1)
  .optional()
  .meta({ description: "Which phase; the newest where nothing is asked.", examples: [1] });

const instant = z.iso.datetime({ offset: true });

const resultsView = z
  .object({
    experiment: z.string().meta({ description: "The experiment.", examples: ["argon-or-flash"] }),
    phase: z.int().meta({ description: "The phase that they are of.", examples: [1] }),
    started_at: instant.meta({ description: "When it began.", examples: ["2026-11-25T12:00:00.000Z"] }),
    ended_at: instant.nullable().meta({
      description: "When it ended; null while it goes on.",
      examples: ["2026-12-09T12:00:00.000Z"],
    }),
    ...analysisShape,
    ...duelsShape,
  })
  .meta({ id: "ExperimentResults", description: "What came of an experiment, and what to do." });

const csvType = "text/csv";

const resultsDefinition = {
  ...shared,
  method: "GET",
  path: "/api/experiments/{name}/results",
  operationId: "getExperimentResults",
  summary: "Results of an experiment",
  description:
    "The verdict as a sentence, and for each metric and variant the value, the change with its interval as the design allows it to be judged now, as one look at the end would tell it, and a Bayesian reading; findings that have to be known. Units count as assigned, whoever answered. Read from sums by unit: it costs the same whatever the traffic. As CSV a table of it, for spreadsheets: text that one would run as a formula begins with an apostrophe. A draft: 409.",
  params: experimentParams,
  query: z.strictObject({
    phase,
    format: z
      .enum(["json", "csv"])
      .default("json")
      .meta({ description: "All of it as JSON, or a table as CSV.", examples: ["csv"] }),
    table: z
      .enum(csvTables)
      .default("metrics")
      .meta({
        description:
          "Of CSV, which table: a row for each metric and variant, each finding, each segment, each moment of a series, what each variant is worth, or each variant and metric compared all at once.",
        examples: ["metrics"],
      }),
  }),
  replies: {
    200: {
      description: "The results.",
      content: {
        "application/json": resultsView,
        [csvType]: z.string().meta({
          description: "A row of names, then the rows.",
          examples: ["metric,role\r\nresolved,primary\r\n"],
        }),
      },
    },
  },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const readResultsQuery = inputReader(resultsDefinition);

function resultsEndpoint(results: ResultsPort): ServedEndpoint {
  return {
    ...resultsDefinition,
    handle: async (input) => {
      const { params, query } = readResultsQuery(input);
      const reading = await results.read(params.name, query.phase);
      if (query.format === "json") return { status: 200, body: viewOf(reading) };
      return {
        status: 200,
        headers: {
          "content-type": `${csvType}; charset=utf-8`,
          "content-disposition": `attachment; filename="${params.name}-${query.table}.csv"`,
        },
        body: analysisCsv(reading, query.table),
      };
    },
  };
}

function viewOf({
  experiment,
  phase,
  plan,
  analysis,
  counts,
  duels,
}: ExperimentReading): z.output<typeof resultsView> {
  return {
    experiment,
    phase: phase.number,
    started_at: timeText(phase.startedAtMs),
    ended_at: phase.endedAtMs === undefined ? null : timeText(phase.endedAtMs),
    ...analysisView(plan, analysis, counts),
    duels: duels.map(duelView),
  };
}

const formats = {
  text: { type: "text/plain", write: (input: Report) => `${analysisLines(input).join("\n")}\n` },
  markdown: { type: "text/markdown", write: analysisMarkdown },
  html: { type: "text/html", write: analysisHtml },
} as const;

type Report = Parameters<typeof analysisHtml>[0];

const page = (what: string) => z.string().meta({ description: what, examples: ["Ship support-argon: ..."] });

const endpoint = {
  ...shared,
  method: "GET",
  path: "/api/experiments/{name}/report",
  operationId: "getExperimentReport",
  summary: "Report of an experiment",
  description:
    "The results for people: lines of text, Markdown, or one HTML page that asks for nothing else. A draft: 409.",
  params: experimentParams,
  query: z.strictObject({
    phase,
    format: z
      .enum(["text", "markdown", "html"])
      .default("text")
      .meta({ description: "What it is written in.", examples: ["html"] }),
  }),
  replies: {
    200: {
      description: "The report.",
      content: {
        [formats.text.type]: page("Lines for a terminal."),
        [formats.markdown.type]: page("Markdown."),
        [formats.html.type]: page("A page of its own."),
      },
    },
  },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const read = inputReader(endpoint);

function reportEndpoint(results: ResultsPort): ServedEndpoint {
  return {
    ...endpoint,
    handle: async (input) => {
      const { params, query } = read(input);
      const reading = await results.read(params.name, query.phase);
      const { type, write } = formats[query.format];
      return {
        status: 200,
        headers: {
          "content-type": `${type}; charset=utf-8`,
          // Names in it are anybody's: nothing of the page may run, whatever a browser makes of it.
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        },
        body: write(reportOf(reading)),
      };
    },
  };
}

function reportOf({ experiment, phase: { number }, plan, analysis, counts }: ExperimentReading): Report {
  return { title: `${experiment}, phase ${number}`, plan, analysis, counts };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
