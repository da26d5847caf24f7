import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { JobClaim, RunJob, TakenJob } from "./run-job.ts";
import type { JobEnd, JobHolder, JobStore, KeptLine, NewJob } from "./store.ts";

/** A run and what only the store knows of it. */
interface Row {
  job: RunJob;
  epoch: number;
  leaseEndsMs: number;
  retriesErrors: boolean;
  readonly items: NewJob["items"];
  readonly lines: KeptLine[];
}

/** Runs in memory, for tests. @param nowMs when leases end */
export function memoryJobStore(nowMs: () => number = () => Date.now()): JobStore {
  const rows = new Map<string, Row>();
  const held = ({ id, epoch }: JobClaim): Row | undefined => {
    const row = rows.get(id);
    return row?.epoch === epoch && row.job.state === "running" ? row : undefined;
  };
  const over = (id: string): Row | undefined => {
    const row = rows.get(id);
    return row && row.job.state !== "queued" && row.job.state !== "running" ? row : undefined;
  };
  return {
    async add({ items, ...job }) {
      rows.set(job.id, newRow(job, items));
    },
    get: async (id) => rows.get(id)?.job,
    list: async (limit, before) =>
      [...rows.values()]
        .map(({ job }) => job)
        .filter(({ id }) => before === undefined || id < before)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit),
    async take(holder, atMs) {
      const open = [...rows.values()]
        .filter(({ job, leaseEndsMs }) => isOpen(job) && leaseEndsMs < nowMs())
        .toSorted((a, b) => (a.job.id < b.job.id ? -1 : 1));
      return open[0] && taken(open[0], holder, { atMs, nowMs: nowMs() });
    },
    async free() {
      for (const row of rows.values()) row.leaseEndsMs = -Infinity;
    },
    async keep(claim, lifetimeMs) {
      const row = held(claim);
      if (!row) return "lost";
      row.leaseEndsMs = nowMs() + lifetimeMs;
      return row.job.isStopWanted ? "stop-wanted" : "held";
    },
    async begin(claim, manifest, progress) {
      const row = held(claim);
      if (row) row.job = { ...row.job, manifest, progress };
      return row !== undefined;
    },
    async append(claim, { first, lines }, progress) {
      const row = held(claim);
      if (!row) return false;
      row.lines.push(
        ...lines.map((line: RunLine, at) => ({ sequence: first + at, text: JSON.stringify(line) })),
      );
      row.job = { ...row.job, progress };
      return true;
    },
    async end(claim, end) {
      const row = held(claim);
      if (row) ended(row, end);
    },
    async stop(id, end) {
      const row = rows.get(id);
      if (!row || !isOpen(row.job)) return false;
      if (row.job.state === "queued") ended(row, end);
      else row.job = { ...row.job, isStopWanted: true };
      return true;
    },
    async requeue(id, { evaluation, retriesErrors }) {
      const row = over(id);
      if (!row) return false;
      const { stop: _stop, finishedAtMs: _finished, ...job } = row.job;
      row.job = { ...job, evaluation, state: "queued", isStopWanted: false };
      row.retriesErrors = retriesErrors;
      return true;
    },
    async remove(id) {
      return over(id) !== undefined && rows.delete(id);
    },
    lines: async (id, after, limit) =>
      (rows.get(id)?.lines ?? []).filter(({ sequence }) => sequence > after).slice(0, limit),
  };
}

function newRow(job: Omit<NewJob, "items">, items: NewJob["items"]): Row {
  const progress = { total: 0, done: 0, failed: 0, lost: 0, costUsd: 0 };
  return {
    job: { ...job, state: "queued", isStopWanted: false, progress },
    epoch: 0,
    leaseEndsMs: -Infinity,
    retriesErrors: false,
    items,
    lines: [],
  };
}

function isOpen({ state }: RunJob): boolean {
  return state === "queued" || state === "running";
}

function taken(
  row: Row,
  { lifetimeMs }: JobHolder,
  { atMs, nowMs }: { readonly atMs: number; readonly nowMs: number },
): TakenJob {
  row.epoch += 1;
  row.leaseEndsMs = nowMs + lifetimeMs;
  row.job = { ...row.job, state: "running", startedAtMs: row.job.startedAtMs ?? atMs };
  const { job, epoch, items, retriesErrors } = row;
  return { id: job.id, epoch, job, retriesErrors, ...(items && { items }) };
}

function ended(row: Row, { state, stop, atMs }: JobEnd): void {
  const { stop: _stop, finishedAtMs: _finished, ...job } = row.job;
  row.leaseEndsMs = -Infinity;
  row.job = { ...job, state, ...(stop && { stop }), ...(state !== "queued" && { finishedAtMs: atMs }) };
}
