import { allowed, type Pace } from "#core/evaluations/pace.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";

/** Where tasks of a run are under way: as many as the pace allows. */
export class RunSlots {
  readonly #ports: { readonly clock: Pick<Clock, "monotonicMs">; readonly timers: Timers };
  readonly #pace: () => Pace;
  readonly #signal: AbortSignal;
  #underWay = 0;
  #changed = Promise.withResolvers<void>();

  constructor(
    ports: { readonly clock: Pick<Clock, "monotonicMs">; readonly timers: Timers },
    pace: () => Pace,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#pace = pace;
    this.#signal = signal;
  }

  /** Resolves when one more may begin, or the run is stopped. */
  async free(): Promise<void> {
    while (!this.#signal.aborted) {
      const nowMs = this.#ports.clock.monotonicMs();
      const pace = this.#pace();
      if (this.#underWay < allowed(pace, nowMs)) return;
      const pauseMs = pace.pausedUntilMs - nowMs;
      await (pauseMs > 0 ? this.wait(pauseMs) : this.#changed.promise);
    }
  }

  /** Takes a slot until a task is over. @param onFailure hears what the task throws */
  take(task: Promise<void>, onFailure: (error: unknown) => void): void {
    this.#underWay++;
    void task.catch(onFailure).finally(() => {
      this.#underWay--;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
  }

  /** Resolves when none is under way. */
  async drained(): Promise<void> {
    while (this.#underWay > 0) await this.#changed.promise;
  }

  /** Waits, or until the run is stopped. */
  async wait(delayMs: number): Promise<void> {
    if (this.#signal.aborted) return;
    const over = Promise.withResolvers<void>();
    const timer = this.#ports.timers.after(delayMs, over.resolve);
    const stop = () => over.resolve();
    this.#signal.addEventListener("abort", stop, { once: true });
    await over.promise;
    this.#signal.removeEventListener("abort", stop);
    timer.cancel();
  }
}
