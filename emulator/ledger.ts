/** What the emulator served to one request. Token counts are exact. */
export interface LedgerRow {
  /** Sequence number, from 1. */
  readonly id: number;
  /** When the request arrived, epoch ms. */
  readonly timeMs: number;
  readonly path: string;
  readonly dialect: "gemini" | "openai";
  /** The model as it was asked for; empty where the endpoint has none. */
  readonly model: string;
  readonly isStream: boolean;
  /** First 12 hex digits of the key's SHA-256; empty without a key. */
  readonly keyHash: string;
  /** responseId (Gemini) or id (OpenAI) of the answer; empty when there was none. */
  readonly responseId: string;
  readonly promptTokens: number;
  /** Of the prompt's tokens, those served by implicit caching. */
  readonly cachedTokens: number;
  readonly thoughtTokens: number;
  /** Output tokens that the model had made when the response ended, thinking excluded. */
  readonly outputTokensGenerated: number;
  /** Output tokens that were written to the client. */
  readonly outputTokensSent: number;
  readonly framesSent: number;
  /** Finish reason in Gemini's words, as planned; empty when there was no answer. */
  readonly finishReason: string;
  readonly status: number;
  /** Names of the faults that were played, comma separated; empty when none was. */
  readonly fault: string;
  /** completed: ended properly (errors too); aborted: the client left first; failed: the emulator cut it. */
  readonly outcome: "completed" | "aborted" | "failed";
  /** When the client's connection closed, epoch ms; only for aborted requests. */
  readonly abortedAtMs: number | null;
  readonly durationMs: number;
}

/** Totals over rows. */
interface LedgerTotals {
  readonly requests: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly thoughtTokens: number;
  readonly outputTokensGenerated: number;
  readonly outputTokensSent: number;
}

/** Totals by model, then by outcome. */
export type LedgerSummary = Readonly<Record<string, Readonly<Record<string, LedgerTotals>>>>;

/** Which rows to read; every given field must be equal. */
export type LedgerFilter = Partial<
  Pick<LedgerRow, "model" | "outcome" | "dialect" | "fault" | "keyHash" | "responseId" | "status">
>;

/** The exact record of everything served. Its rows are bounded; its totals are not. */
export interface Ledger {
  record(row: Omit<LedgerRow, "id">): void;
  rows(filter?: LedgerFilter): readonly LedgerRow[];
  /** Totals of everything since the last clear, also of rows that were dropped. */
  summary(): LedgerSummary;
  /** Rows no longer kept because of the bound. */
  droppedCount(): number;
  clear(): void;
}

/** The most rows a ledger keeps; the oldest are dropped first. */
const ledgerRowsMax = 200_000;

/** Models that totals are kept apart for; clients choose the names, so there is a bound. The rest is summed up together. */
const totalsMax = 1000;
const otherModels = "(other)";

/** An empty ledger. */
export function createLedger(rowsMax: number = ledgerRowsMax): Ledger {
  let rows: LedgerRow[] = [];
  let totals = new Map<string, Map<string, LedgerTotals>>();
  let sequence = 0;
  let dropped = 0;

  return {
    record(fields) {
      sequence += 1;
      const row: LedgerRow = { id: sequence, ...fields };
      rows.push(row);
      // Dropping in blocks keeps recording cheap; the bound may be passed by a tenth meanwhile.
      if (rows.length > rowsMax * 1.1) {
        dropped += rows.length - rowsMax;
        rows = rows.slice(-rowsMax);
      }
      const model = totals.has(row.model) || totals.size < totalsMax ? row.model : otherModels;
      const byOutcome = totals.get(model) ?? new Map<string, LedgerTotals>();
      byOutcome.set(row.outcome, addRow(byOutcome.get(row.outcome), row));
      totals.set(model, byOutcome);
    },
    rows: (filter = {}) => rows.filter((row) => matches(row, filter)),
    summary: () =>
      Object.fromEntries([...totals].map(([model, byOutcome]) => [model, Object.fromEntries(byOutcome)])),
    droppedCount: () => dropped,
    clear() {
      rows = [];
      totals = new Map();
      dropped = 0;
    },
  };
}

function matches(row: LedgerRow, filter: LedgerFilter): boolean {
  const wanted: Readonly<Record<string, string | number | undefined>> = { ...filter };
  const actual: Readonly<Record<string, string | number | boolean | null>> = { ...row };
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || String(actual[key]) === String(value),
  );
}

function addRow(sum: LedgerTotals | undefined, row: LedgerRow): LedgerTotals {
  return {
    requests: (sum?.requests ?? 0) + 1,
    promptTokens: (sum?.promptTokens ?? 0) + row.promptTokens,
    cachedTokens: (sum?.cachedTokens ?? 0) + row.cachedTokens,
    thoughtTokens: (sum?.thoughtTokens ?? 0) + row.thoughtTokens,
    outputTokensGenerated: (sum?.outputTokensGenerated ?? 0) + row.outputTokensGenerated,
    outputTokensSent: (sum?.outputTokensSent ?? 0) + row.outputTokensSent,
  };
}
