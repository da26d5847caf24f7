import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Secret } from "#core/kernel/secret.ts";
import type { NotificationTarget } from "#features/configuration/index.ts";
import type { ExperimentReading } from "../results/experiment-results.ts";
import type { ExperimentService } from "../service.ts";
import type { DeliveryWorld } from "./deliver.ts";
import type { NotificationEvent } from "./notification-event.ts";
import type { NotificationStore } from "./store.ts";

/** The right of one process of several to look and to tell. */
interface NotifierLease {
  /** Takes it, or keeps it; false while another process has it. @throws AppError store-unavailable */
  hold(): Promise<boolean>;
  /** Gives it up, where this process has it. */
  release(): Promise<void>;
}

/** Who is told, with what is signed with. */
export interface Addressee {
  readonly target: NotificationTarget;
  readonly secret: Secret;
}

/** What a notifier is made over. */
export interface NotifierOptions extends DeliveryWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: NotificationStore;
  /** Who is told now, by name: as the configuration in force says. */
  readonly addressees: () => ReadonlyMap<string, Addressee>;
  readonly service: Pick<ExperimentService, "view">;
  /** Reads the newest phase. @throws AppError */
  readonly read: (experiment: string) => Promise<Pick<ExperimentReading, "phase" | "analysis">>;
  readonly lease: NotifierLease;
  readonly onEvent: (event: NotificationEvent) => void;
  /** How often is looked, ms > 0. */
  readonly roundMs?: number;
}

/** Who is told of an experiment. */
export function toldOf(
  addressees: ReadonlyMap<string, Addressee>,
  experiment: string,
): readonly NotificationTarget[] {
  return [...addressees.values()]
    .map(({ target }) => target)
    .filter(({ experiments }) => experiments?.has(experiment) ?? true);
}
