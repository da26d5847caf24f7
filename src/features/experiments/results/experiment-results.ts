import { analyse, type Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { DuelReading } from "#core/experiments/comparisons/duels.ts";
import type { UnitCounts } from "#core/experiments/units/unit-counts.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import { keptDesign } from "#features/configuration/index.ts";
import type { ExperimentPhase } from "../experiment-status.ts";
import { unknownExperiment, type ExperimentService } from "../service.ts";
import { experimentData } from "./experiment-data.ts";
import type { ResultStores } from "./result-stores.ts";
import { pairedData, type PairStore } from "./paired-data.ts";
import { twinFindings } from "./twin-findings.ts";

/** What results are read from. */
export interface ResultsPorts {
  readonly service: Pick<ExperimentService, "view" | "history">;
  readonly stores: ResultStores & { readonly shadows: PairStore };
  /** Names of experiments of the configuration, also of those that were never started. */
  readonly configured: (name: string) => boolean;
  readonly nowMs: () => number;
}

/** What one phase of an experiment came to, by now or in all. */
export interface ExperimentReading {
  readonly experiment: string;
  readonly phase: Pick<ExperimentPhase, "number" | "startedAtMs" | "endedAtMs">;
  readonly plan: AnalysisPlan;
  readonly analysis: Analysis;
  readonly counts: UnitCounts;
  /** Of each treatment; none where nothing is judged. */
  readonly duels: readonly DuelReading[];
}

const dayMs = 86_400_000;

/** The results of experiments, read when they are asked for, from sums by unit. */
export class ExperimentResults {
  readonly #ports: ResultsPorts;

  constructor(ports: ResultsPorts) {
    this.#ports = ports;
  }

  /**
   * Reads a phase, the newest where none is named.
   * @throws AppError `not-found` for an experiment or a phase that there is not, `conflict` for one that was never started,
   * `store-unavailable`
   */
  async read(experiment: string, number?: number): Promise<ExperimentReading> {
    const { nowMs, stores } = this.#ports;
    const { phase, isOver } = await this.#phase(experiment, number);
    const design = keptDesign(experiment, phase.design);
    if (!design.ok) throw unreadable(experiment, design.error);
    const { plan } = design.value;
    const now = nowMs();
    const days = ((phase.endedAtMs ?? now) - phase.startedAtMs) / dayMs;
    const { segments, strata, judges } = design.value;
    const about = { experiment, phase: phase.number, plan, days, isOver, nowMs: now };
    const question = { ...about, ...present({ segments, strata, judges }) };
    const { data, duels } = design.value.shadow
      ? await pairedData(stores.shadows, question)
      : { data: await experimentData(stores, question), duels: [] };
    const { counts } = data;
    const twins = design.value.isTwins ? twinFindings(plan, counts.all) : [];
    const analysis = analyse(plan, { ...data, findings: [...twins, ...data.findings] });
    return { experiment, phase, plan, analysis, counts, duels };
  }

  async #phase(
    experiment: string,
    number: number | undefined,
  ): Promise<{ readonly phase: ExperimentPhase; readonly isOver: boolean }> {
    const { service, configured } = this.#ports;
    const status = service.view().statuses.get(experiment);
    if (!status) throw configured(experiment) ? draft(experiment) : unknownExperiment(experiment);
    if (number === undefined || number === status.phase.number) {
      return { phase: status.phase, isOver: status.state === "stopped" || status.state === "decided" };
    }
    const { phases } = await service.history(experiment);
    const phase = phases.find((one) => one.number === number);
    if (!phase) throw unknownPhase(experiment, { number, newest: status.phase.number });
    return { phase, isOver: true };
  }
}

function draft(experiment: string): AppError {
  return new AppError(
    "conflict",
    `Cannot read the results of experiment "${experiment}": one that was started is wanted, it is a draft`,
  );
}

function unknownPhase(
  experiment: string,
  { number, newest }: { readonly number: number; readonly newest: number },
): AppError {
  return new AppError(
    "not-found",
    `Cannot read the results of experiment "${experiment}": a phase from 1 to ${newest} is wanted, got ${number}`,
  );
}

function unreadable(experiment: string, reason: string): AppError {
  return new AppError(
    "conflict",
    `Cannot read the results of experiment "${experiment}": a design that this Signalbox can read is wanted, of the kept one ${reason}`,
  );
}
