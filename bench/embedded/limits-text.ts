import { lags, type RateStep } from "./bearable-rate.ts";
import { slowMs, type SizeStep } from "./bearable-rows.ts";

/** What a run found. */
export interface EmbeddedLimits {
  /** On what it was measured, in one line. */
  readonly machine: string;
  /** Day of the run, `2026-11-25`. */
  readonly day: string;
  readonly rates: readonly RateStep[];
  readonly sizes: readonly SizeStep[];
}

const begin = "<!-- bench:embedded begin -->";
const end = "<!-- bench:embedded end -->";

/** The block of docs/operating/limits.md. */
export function limitsText({ machine, day, rates, sizes }: EmbeddedLimits): string {
  return [
    `Measured on ${day} by \`npm run bench:embedded\`: ${machine}.`,
    "",
    `**Rate.** ${rateSentence(rates)}`,
    "",
    "| requests/s asked | served | rows waiting | oldest waits | log |",
    "|---:|---:|---:|---:|---|",
    ...rates.map(
      (step) =>
        `| ${step.asked} | ${step.served.toFixed(0)} | ${step.waitingRows} | ${step.waitingSeconds.toFixed(1)} s | ${lags(step) ? "lags" : "keeps up"} |`,
    ),
    "",
    `**Size.** ${sizeSentence(sizes)}`,
    "",
    "| rows | written rows/s | slowest question | its p95 |",
    "|---:|---:|---|---:|",
    ...sizes.map(
      ({ rows, rowsPerSecond, slowest, slowestMs }) =>
        `| ${rows} | ${rowsPerSecond.toFixed(0)} | ${slowest} | ${slowestMs.toFixed(0)} ms |`,
    ),
  ].join("\n");
}

function rateSentence(steps: readonly RateStep[]): string {
  const borne = steps.findLast((step) => !lags(step) && step.served >= step.asked * 0.9);
  const over = steps.find(lags);
  const first = borne
    ? `The log keeps up with ${borne.asked} requests/s.`
    : "The log keeps up with none of the rates that were tried.";
  if (over) return `${first} At ${over.asked} it lags: rows wait in the spool until there are fewer.`;
  return `${first} Beyond that the gateway itself, which shares the machine with its load, is at its end.`;
}

function sizeSentence(steps: readonly SizeStep[]): string {
  const quick = steps.findLast(({ slowestMs }) => slowestMs <= slowMs);
  const slow = steps.find(({ slowestMs }) => slowestMs > slowMs);
  const first = quick
    ? `Every question of a dashboard takes at most ${slowMs} ms (p95) at ${quick.rows} rows.`
    : `Some question of a dashboard takes more than ${slowMs} ms (p95) at any size that was tried.`;
  return slow
    ? `${first} At ${slow.rows} rows "${slow.slowest}" takes ${slow.slowestMs.toFixed(0)} ms.`
    : `${first} More were not tried.`;
}

/**
 * The document with its block replaced.
 * @throws Error when it has no such block
 */
export function withBlock(document: string, text: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 || to < from)
    throw new Error(`Cannot write limits: a block "${begin}" is wanted, there is none`);
  return `${document.slice(0, from)}${begin}\n${text}\n${document.slice(to)}`;
}
