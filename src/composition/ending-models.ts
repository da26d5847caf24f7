import type { Logger } from "pino";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import { lifecycleOf } from "#composition/model-lifecycle.ts";
import type { Configuration } from "#features/configuration/index.ts";

/** How often is looked which models end, ms: a warning names the days that are left. */
const lookMs = 3_600_000;

/** What models that end are told with. */
interface EndingModelsWorld {
  readonly configuration: () => Configuration;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Warns in the log of configured deployments whose models end or have ended: when a configuration comes into force, and
 * again with each day that is less.
 */
export class EndingModels implements Disposable {
  readonly #world: EndingModelsWorld;
  readonly #timer: Timer;
  /** What was said last of each deployment. */
  #told: ReadonlyMap<string, string> = new Map();

  constructor(world: EndingModelsWorld) {
    this.#world = world;
    this.#timer = world.timers.after(lookMs, () => {
      this.look();
      this.#timer.restart();
    });
    this.look();
  }

  /** Tells what was not told yet of the configuration in force. */
  look(): void {
    const { configuration, clock, logger } = this.#world;
    const told = new Map<string, string>();
    for (const deployment of configuration().deployments.values()) {
      const { name, model } = deployment;
      // Those that only the catalog brings are nobody's plan.
      if (name === model.id) continue;
      const { warning, ...lifecycle } = lifecycleOf(deployment, clock.nowMs());
      if (warning === null) continue;
      told.set(name, warning);
      if (this.#told.get(name) !== warning)
        logger.warn({ deployment: name, model: model.id, ...lifecycle, warning }, "model-ends");
    }
    this.#told = told;
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }
}
