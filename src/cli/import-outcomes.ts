import { once } from "node:events";
import { createReadStream, type ReadStream } from "node:fs";
import { extname } from "node:path";
import { z } from "zod";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import { AppError } from "#core/kernel/app-error.ts";

/** What is imported, and how it is to be read. */
export interface ImportFlags {
  readonly file: string;
  readonly format?: "csv" | "jsonl";
  readonly name?: string;
  readonly source?: string;
  readonly assumeUtc?: true;
  readonly ignoreUnknown?: true;
}

const types = { csv: "text/csv", jsonl: "application/x-ndjson" } as const;

const formats: ReadonlyMap<string, keyof typeof types> = new Map([
  [".csv", "csv"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
]);

const place = z.object({ line: z.int(), detail: z.string() });

/** The part of the API's answer that is shown; see `importReply`. */
const reportShape = z.looseObject({
  rows: z.int(),
  created: z.int(),
  revised: z.int(),
  superseded: z.int(),
  unchanged: z.int(),
  pending: z.int(),
  refused: z.int(),
  problems: z.array(place.extend({ column: z.string().nullable() })),
  ignored_columns: z.array(z.string()),
  stopped: place.nullable(),
});

/**
 * `signalbox outcomes import`.
 * @throws CheckFailedError when a row was refused, or it stopped before the end; AppError, ClientError
 */
export async function importFile(server: ServerAddress, flags: ImportFlags, output: Output): Promise<void> {
  const format = flags.format ?? formats.get(extname(flags.file).toLowerCase());
  if (format === undefined) throw refused(flags.file, "--format csv or jsonl", "its name tells neither");
  const bytes = await opened(flags.file);
  const path = `/api/outcomes/import?${queryOf(flags).toString()}`;
  const call = { method: "POST", path, file: { type: types[format], bytes } } as const;
  const report = await callControlPlane(server, call, reportShape);
  output.result({ json: report, lines: lines(report) });
  if (report.refused > 0 || report.stopped) throw new CheckFailedError();
}

async function opened(file: string): Promise<ReadStream> {
  const bytes = createReadStream(file);
  try {
    await once(bytes, "open");
    return bytes;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw refused(file, "a file that can be read", `opening it fails with ${code}`);
  }
}

function refused(file: string, wanted: string, actual: string): AppError {
  return new AppError("invalid-request", `Cannot import "${file}": ${wanted} is wanted, ${actual}`);
}

function queryOf({ name, source, assumeUtc, ignoreUnknown }: ImportFlags): URLSearchParams {
  return new URLSearchParams({
    ...(name !== undefined && { name }),
    ...(source !== undefined && { source }),
    ...(assumeUtc && { assume_utc: "true" }),
    ...(ignoreUnknown && { ignore_unknown: "true" }),
  });
}

function lines(report: z.output<typeof reportShape>): readonly string[] {
  const { rows, refused: wrong, problems, ignored_columns: ignored, stopped, pending } = report;
  const { created, revised, superseded, unchanged } = report;
  return [
    `${rows} rows: ${created} new, ${revised} in place of former values, ${superseded} older than what counts, ${unchanged} known, ${wrong} refused`,
    ...(pending > 0 ? [`${pending} wait for their request`] : []),
    ...(ignored.length > 0 ? [`Passed over: ${ignored.join(", ")}`] : []),
    ...problems.map(
      ({ line, column, detail }) => `  line ${line}${column === null ? "" : `, ${column}`}: ${detail}`,
    ),
    ...(wrong > 0 && problems.length >= 100 ? ["  ... more are counted, not told"] : []),
    ...(stopped
      ? [
          `Stopped after line ${stopped.line}: ${stopped.detail}`,
          "What is kept stays; importing the file again is safe",
        ]
      : []),
  ];
}
