import { Counter, Gauge, type Registry } from "prom-client";

/** How the request log is. Counts are those since the start. */
export interface LogFacts {
  /** Rows that wait for the database. */
  readonly waitingRows: number;
  /** How long the oldest of them waits, seconds; 0 when none does. */
  readonly oldestWaitingSeconds: number;
  readonly storedRows: number;
  /** Rows that are missing in the log, and notes in it that say so. */
  readonly droppedRows: number;
  readonly gaps: number;
  /** Rows that the database refuses. */
  readonly rejectedRows: number;
  /** Batches that the database did not take at once. */
  readonly retries: number;
  readonly spoolBytes: number;
  readonly droppedContents: number;
  /** Whether there is no room for usage. */
  readonly isFull: boolean;
  readonly syncs: { readonly count: number; readonly seconds: number; readonly secondsMax: number };
}

interface Meter {
  readonly kind: "gauge" | "counter";
  readonly name: string;
  readonly help: string;
  readonly value: (facts: LogFacts) => number;
}

const meters: readonly Meter[] = [
  {
    kind: "gauge",
    name: "signalbox_log_queue_rows",
    help: "Rows of the request log that wait for the database.",
    value: ({ waitingRows }) => waitingRows,
  },
  {
    kind: "gauge",
    name: "signalbox_log_oldest_waiting_seconds",
    help: "How long ago the oldest request came in whose row waits for the database, seconds; 0 when none waits.",
    value: ({ oldestWaitingSeconds }) => oldestWaitingSeconds,
  },
  {
    kind: "gauge",
    name: "signalbox_log_spool_bytes",
    help: "Bytes on disk that wait for the database.",
    value: ({ spoolBytes }) => spoolBytes,
  },
  {
    kind: "gauge",
    name: "signalbox_log_full",
    help: "1 while the request log has no room for usage, else 0.",
    value: ({ isFull }) => (isFull ? 1 : 0),
  },
  {
    kind: "counter",
    name: "signalbox_log_stored_rows_total",
    help: "Rows of the request log that the database has taken.",
    value: ({ storedRows }) => storedRows,
  },
  {
    kind: "counter",
    name: "signalbox_log_dropped_rows_total",
    help: "Rows that are missing in the request log because neither disk nor memory had room.",
    value: ({ droppedRows }) => droppedRows,
  },
  {
    kind: "counter",
    name: "signalbox_log_gaps_total",
    help: "Notes in the request log that say how many rows are missing and why.",
    value: ({ gaps }) => gaps,
  },
  {
    kind: "counter",
    name: "signalbox_log_rejected_rows_total",
    help: "Rows that the database refuses for good; they are in rejected.jsonl of the spool.",
    value: ({ rejectedRows }) => rejectedRows,
  },
  {
    kind: "counter",
    name: "signalbox_log_retries_total",
    help: "Batches that the database did not take at once.",
    value: ({ retries }) => retries,
  },
  {
    kind: "counter",
    name: "signalbox_log_dropped_contents_total",
    help: "Captured contents that were dropped to make room.",
    value: ({ droppedContents }) => droppedContents,
  },
  {
    kind: "counter",
    name: "signalbox_log_syncs_total",
    help: "Syncs of the spool to disk.",
    value: ({ syncs }) => syncs.count,
  },
  {
    kind: "counter",
    name: "signalbox_log_sync_seconds_total",
    help: "What the syncs of the spool took together, seconds.",
    value: ({ syncs }) => syncs.seconds,
  },
  {
    kind: "gauge",
    name: "signalbox_log_sync_seconds_max",
    help: "What the longest sync of the spool took since the start, seconds.",
    value: ({ syncs }) => syncs.secondsMax,
  },
];

/** Adds the request log's metrics. The counts are kept by the log itself; a scrape reads them. */
export function observeLog(registry: Registry, facts: () => LogFacts): void {
  for (const { kind, name, help, value } of meters) {
    if (kind === "gauge") {
      const collect = (): void => gauge.set(value(facts()));
      const gauge: Gauge = new Gauge({ name, help, registers: [], collect });
      registry.registerMetric(gauge);
      continue;
    }
    const collect = (): void => {
      counter.reset();
      counter.inc(value(facts()));
    };
    const counter: Counter = new Counter({ name, help, registers: [], collect });
    registry.registerMetric(counter);
  }
}
