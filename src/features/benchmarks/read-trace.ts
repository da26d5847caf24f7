import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import { z } from "zod";

/** Formats of traces. */
export type TraceFormat = "azure" | "mooncake" | "log" | "csv";

/** Requests of a trace, at most: their times and sizes are kept. */
const rowsMax = 2_000_000;

const azureRow = z.object({
  TIMESTAMP: z.string().transform((text) => Date.parse(`${text.trim().replace(" ", "T").slice(0, 23)}Z`)),
  ContextTokens: z.coerce.number(),
  GeneratedTokens: z.coerce.number(),
});
const csvRow = z.object({
  time: z.coerce.number(),
  input_tokens: z.coerce.number(),
  output_tokens: z.coerce.number(),
});
/** Of a request that had no usage, the counts are empty. */
const logRow = z.object({
  started_at: z.string().transform((text) => Date.parse(text)),
  input_tokens: z.coerce.number(),
  output_tokens: z.coerce.number(),
  thinking_tokens: z.coerce.number(),
});
const mooncakeRow = z.object({
  timestamp: z.number(),
  input_length: z.number(),
  output_length: z.number(),
  hash_ids: z.array(z.number()).optional(),
});

/**
 * The requests of a trace, from its first one on, in the order of their times; times divided by the speed.
 * @throws AppError `invalid-request` for a file that is none
 */
export async function readTrace(
  path: string,
  {
    format,
    speed,
    durationMs = Number.POSITIVE_INFINITY,
  }: { readonly format?: TraceFormat; readonly speed: number; readonly durationMs?: number },
): Promise<readonly Arrival[]> {
  const text = await textOf(path);
  const arrivals = readers[format ?? formatOf(text)](text, path).toSorted((a, b) => a.atMs - b.atMs);
  const firstMs = arrivals[0]?.atMs;
  if (firstMs === undefined || arrivals.length > rowsMax)
    throw refusal(path, `1 to ${rowsMax} requests are wanted, there are ${arrivals.length}`);
  return arrivals
    .map((arrival) => ({ ...arrival, atMs: (arrival.atMs - firstMs) / speed }))
    .filter(({ atMs }) => atMs < durationMs);
}

const readers: Readonly<Record<TraceFormat, (text: string, path: string) => readonly Arrival[]>> = {
  azure: (text, path) =>
    csvRows(text, path, azureRow).map(({ TIMESTAMP, ContextTokens, GeneratedTokens }) => ({
      atMs: TIMESTAMP,
      size: { inputTokens: ContextTokens, outputTokens: GeneratedTokens },
    })),
  log: (text, path) =>
    csvRows(text, path, logRow).map(({ started_at, input_tokens, output_tokens, thinking_tokens }) => ({
      atMs: started_at,
      ...(input_tokens > 0 && {
        size: { inputTokens: input_tokens, outputTokens: output_tokens + thinking_tokens },
      }),
    })),
  csv: (text, path) =>
    csvRows(text, path, csvRow).map(({ time, input_tokens, output_tokens }) => ({
      atMs: time * 1_000,
      size: { inputTokens: input_tokens, outputTokens: output_tokens },
    })),
  mooncake: (text, path) =>
    jsonRows(text, path).map(({ timestamp, input_length, output_length, hash_ids }) => ({
      atMs: timestamp,
      size: {
        inputTokens: input_length,
        outputTokens: output_length,
        ...(hash_ids && { blocks: hash_ids }),
      },
    })),
};

function formatOf(text: string): TraceFormat {
  if (/^\s*\{/.test(text)) return "mooncake";
  const [header = ""] = text.split(/[\r\n]/, 1);
  if (/(^|,)"?started_at"?(,|$)/.test(header)) return "log";
  return /^\uFEFF?TIMESTAMP,/.test(header) ? "azure" : "csv";
}

async function textOf(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "another failure";
    throw refusal(path, `a file that can be read is wanted, got ${code}`, error);
  }
}

function csvRows<Row>(text: string, path: string, schema: z.ZodType<Row>): readonly Row[] {
  return rowsOf(path, schema, () => parse(text, { bom: true, columns: true, skip_empty_lines: true }));
}

function jsonRows(text: string, path: string): readonly z.output<typeof mooncakeRow>[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return rowsOf(path, mooncakeRow, () => lines.map((line) => JSON.parse(line) as unknown));
}

function rowsOf<Row>(path: string, schema: z.ZodType<Row>, read: () => readonly unknown[]): readonly Row[] {
  let rows: readonly unknown[];
  try {
    rows = read();
  } catch (error) {
    throw refusal(path, "rows of CSV, or JSON in each line, are wanted, they cannot be read", error);
  }
  return rows.map((row, at) => {
    const parsed = schema.safeParse(row);
    const isNumber =
      parsed.success && Object.values(parsed.data as object).every((value) => !Number.isNaN(value));
    if (parsed.success && isNumber && isJsonObject(row)) return parsed.data;
    throw refusal(path, `a time and token counts are wanted in each row, row ${at + 1} has others`);
  });
}

function refusal(path: string, reason: string, cause?: unknown): AppError {
  return new AppError("invalid-request", `Cannot read trace "${path}": ${reason}`, { cause });
}
