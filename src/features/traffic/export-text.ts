import { AppError } from "#core/kernel/app-error.ts";
import { csvLine, type CsvCell } from "#core/kernel/csv-line.ts";
import { usdText } from "#core/pricing/money.ts";
import type { RequestRecord } from "./request-record.ts";
import { detailView } from "./request-view.ts";
import { pageSizeMax, type Page, type RequestFilters, type RequestLogStore } from "./store.ts";

/** How an export is written. */
export type ExportFormat = "jsonl" | "csv";

/** What an export is. */
export interface ExportQuery {
  readonly filters: RequestFilters;
  readonly format: ExportFormat;
}

/**
 * Every request that matches, newest first, page after page: memory holds one page, and the database is free between
 * two. The first page is read before anything is promised, so that a failure then is an answer of its own. Later ones
 * end the text with a line that no reader takes for a request, and throw.
 * @throws AppError as the store does
 */
export async function exportText(
  traffic: Pick<RequestLogStore, "list">,
  { filters, format }: ExportQuery,
): Promise<AsyncGenerator<string, void>> {
  const first = await traffic.list({ filters, limit: pageSizeMax });
  const next = (before: string): Promise<Page> => traffic.list({ filters, limit: pageSizeMax, before });
  return pages(first, next, writers[format]);
}

interface Writer {
  readonly header: string;
  line(record: RequestRecord): string;
  failure(code: string): string;
}

async function* pages(
  first: Page,
  next: (before: string) => Promise<Page>,
  writer: Writer,
): AsyncGenerator<string, void> {
  if (writer.header !== "") yield writer.header;
  for (let page = first; ;) {
    yield page.records.map((record) => writer.line(record)).join("");
    if (page.next === undefined) return;
    try {
      page = await next(page.next);
    } catch (error) {
      yield writer.failure(error instanceof AppError ? error.code : "internal");
      throw error;
    }
  }
}

/** A CSV column: its name and its value in a record. */
type Column = readonly [name: string, value: (record: RequestRecord) => CsvCell];

const columns: readonly Column[] = [
  ["id", ({ requestId }) => requestId],
  ["started_at", ({ startedAtMs }) => new Date(startedAtMs).toISOString()],
  ["operation", ({ operation }) => operation],
  ["dialect", ({ dialect }) => dialect],
  ["stream", ({ stream }) => stream],
  ["model", ({ model }) => model],
  ["key_id", ({ keyId }) => keyId],
  ["route", ({ decision }) => decision?.route],
  ["variant", ({ decision }) => decision?.variant],
  ["propensity", ({ decision }) => decision?.propensity],
  ["deployment", ({ attempts }) => attempts.at(-1)?.deployment],
  ["attempt_count", ({ attempts }) => attempts.length],
  ["outcome", ({ outcome }) => outcome],
  ["status", ({ status }) => status],
  ["error_code", ({ errorCode }) => errorCode],
  ["finish_reason", ({ finishReason }) => finishReason],
  ["input_tokens", ({ usage }) => usage?.inputTokens],
  ["cached_input_tokens", ({ usage }) => usage?.cachedInputTokens],
  ["tool_input_tokens", ({ usage }) => usage?.toolInputTokens],
  ["output_tokens", ({ usage }) => usage?.outputTokens],
  ["thinking_tokens", ({ usage }) => usage?.thinkingTokens],
  ["cost_usd", ({ cost }) => cost && usdText(cost.picoDollars)],
  ["cost_estimated", ({ cost }) => cost?.estimated],
  ["unpriced_attempts", ({ cost }) => cost?.unpricedAttempts],
  ["queue_ms", ({ timings }) => timings.queueMs],
  ["gateway_ms", ({ timings }) => timings.gatewayMs],
  ["first_byte_ms", ({ timings }) => timings.firstByteMs],
  ["first_content_ms", ({ timings }) => timings.firstContentMs],
  ["last_content_ms", ({ timings }) => timings.lastContentMs],
  ["total_ms", ({ timings }) => timings.totalMs],
  ["unit", ({ unit }) => unit?.id],
  ["unit_source", ({ unit }) => unit?.source],
  ["conversation", ({ conversation }) => conversation],
  ["capture", ({ capture }) => capture],
  ["tags", ({ tags }) => JSON.stringify(tags)],
  ["emulated", ({ emulated }) => emulated],
];

const writers: Readonly<Record<ExportFormat, Writer>> = {
  jsonl: {
    header: "",
    line: (record) => `${JSON.stringify(detailView(record))}\n`,
    failure: (code) => `${JSON.stringify({ error: { code, message: "The export is not complete" } })}\n`,
  },
  csv: {
    header: csvLine(columns.map(([name]) => name)),
    line: (record) => csvLine(columns.map(([, value]) => value(record))),
    failure: (code) => csvLine([`ERROR: the export is not complete (${code})`]),
  },
};
