import type { Clock } from "#core/kernel/clock.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { PhaseQuery } from "./exposures/experiment-periods.ts";
import { dayOf } from "./request-key.ts";
import type { KeptKind, RequestLogStore } from "./store.ts";

const dayMs = 86_400_000;

/** How long counts by the minute are kept, ms: two weeks, so that a minute can be held against the same one a week ago. */
export const minutesRetentionMs = 14 * dayMs;
/** How long counts by the hour are kept, ms: a year and a month. Those by the day stay. */
export const hoursRetentionMs = 400 * dayMs;
/** How long sums by unit are kept, ms: longer than experiments run. They are of people, if only by pseudonyms. */
const unitsRetentionMs = 100 * dayMs;

/** Units of an experiment that are deleted at once, and how often in one look; the next one goes on. */
const unitsMax = 10_000;
const roundsMax = 500;

/** How often is looked for what is too old, ms. */
const periodMs = 3_600_000;
/** From the start to the first look, ms: a start has more urgent things to do. */
const firstDelayMs = 60_000;

/** What became of it. Goes to the log. */
export type RetentionEvent =
  | {
      readonly kind: "log-days-dropped";
      readonly what: KeptKind;
      readonly before: string;
      readonly days: number;
    }
  | ({ readonly kind: "experiment-units-dropped"; readonly units: number } & PhaseQuery)
  | {
      readonly kind: "log-retention-failed";
      readonly what: KeptKind | "days" | "experiments";
      readonly error: Error;
    };

/** What retention works with. */
export interface RetentionParts {
  readonly store: Pick<RequestLogStore, "dropBefore" | "dropUnits" | "prepareDays">;
  /** Phases of experiments that ended before a time, ms since 1970. */
  readonly endedPhases: (timeMs: number) => Promise<readonly PhaseQuery[]>;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
  /** How long requests and attempts are kept, ms. */
  readonly rowsRetentionMs: number;
  /** How long captured content is kept, ms. */
  readonly contentRetentionMs: number;
  /** How long the units of a phase of an experiment are kept after its end, ms. */
  readonly experimentsRetentionMs: number;
  readonly onEvent: (event: RetentionEvent) => void;
}

/**
 * Drops whole days of the log when they are too old, hourly, and makes room for tomorrow before it comes. Any number of
 * replicas may do so at once. What fails is tried again an hour later.
 */
export class Retention {
  readonly #parts: RetentionParts;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Begins; the first look is a minute later. */
  start(): void {
    this.#wait(firstDelayMs);
  }

  /** Ends, after the look under way. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#running;
  }

  /** Looks once. Never rejects: what fails is told as an event. */
  async run(): Promise<void> {
    const nowMs = this.#parts.clock.nowMs();
    await this.#tried("days", () => this.#parts.store.prepareDays([dayOf(nowMs), dayOf(nowMs + dayMs)]));
    const kept: readonly (readonly [KeptKind, number])[] = [
      ["content", this.#parts.contentRetentionMs],
      ["rows", this.#parts.rowsRetentionMs],
      ["minutes", minutesRetentionMs],
      ["hours", hoursRetentionMs],
      ["units", unitsRetentionMs],
    ];
    for (const [what, retentionMs] of kept) {
      await this.#tried(what, () => this.#drop(what, dayOf(nowMs - retentionMs)));
    }
    await this.#tried("experiments", () => this.#dropUnits(nowMs - this.#parts.experimentsRetentionMs));
  }

  async #dropUnits(endedBeforeMs: number): Promise<void> {
    const { store, endedPhases, onEvent } = this.#parts;
    let rounds = 0;
    for (const phase of await endedPhases(endedBeforeMs)) {
      let units = 0;
      let dropped: number;
      do {
        dropped = await store.dropUnits(phase, unitsMax);
        units += dropped;
        rounds += dropped > 0 ? 1 : 0;
      } while (dropped === unitsMax && rounds < roundsMax);
      if (units > 0) onEvent({ kind: "experiment-units-dropped", ...phase, units });
      if (rounds >= roundsMax) return;
    }
  }

  async #drop(what: KeptKind, before: string): Promise<void> {
    const days = await this.#parts.store.dropBefore(before, what);
    if (days > 0) this.#parts.onEvent({ kind: "log-days-dropped", what, before, days });
  }

  async #tried(what: KeptKind | "days" | "experiments", work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#parts.onEvent({ kind: "log-retention-failed", what, error });
    }
  }

  #wait(delayMs: number): void {
    this.#timer = this.#parts.timers.after(delayMs, () => {
      this.#running = this.#look();
    });
  }

  async #look(): Promise<void> {
    await this.run();
    if (this.#timer !== undefined) this.#wait(periodMs);
  }
}
