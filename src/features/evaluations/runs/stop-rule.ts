import type { EvaluationRecord } from "#core/evaluations/record.ts";

/** Why a run ends before all is done. */
export type StopReason =
  | { readonly kind: "interrupted" }
  /** Its cap is reached, as far as costs are known. */
  | { readonly kind: "budget"; readonly spentUsd: number }
  /** It has a cap, and what it costs is not told. */
  | { readonly kind: "unpriced" }
  /** So many of one target failed in a row, the last one so. */
  | {
      readonly kind: "systemic";
      readonly target: string;
      readonly failures: number;
      readonly code: string;
      readonly message: string;
    };

/** What answers have cost. */
export interface Spent {
  readonly usd: number;
  readonly answers: number;
}

/** Decides when a run is not gone on with. */
export class StopRule {
  readonly #budgetUsd: number | undefined;
  readonly #failuresMax: number;
  #underWay = 0;
  #spentUsd = 0;
  #priced = 0;
  /** In a row, by target: one that is broken is, whatever another answers. */
  readonly #failures = new Map<string, number>();
  #reason: StopReason | undefined;

  constructor({
    budgetUsd,
    failuresMax,
    spentBefore = { usd: 0, answers: 0 },
  }: {
    readonly budgetUsd?: number;
    readonly failuresMax: number;
    readonly spentBefore?: Spent;
  }) {
    this.#budgetUsd = budgetUsd;
    this.#failuresMax = failuresMax;
    this.#spentUsd = spentBefore.usd;
    this.#priced = spentBefore.answers;
  }

  /** Why no more is begun; undefined while more is. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** A task begins. */
  begins(): void {
    this.#underWay++;
    this.#checkBudget();
  }

  /** A task that began was given up. */
  dropped(): void {
    this.#underWay--;
  }

  /** A task is over. */
  ended({ target, outcome, judging }: EvaluationRecord): void {
    this.#underWay--;
    const failures = outcome.kind === "failed" ? (this.#failures.get(target) ?? 0) + 1 : 0;
    this.#failures.set(target, failures);
    if (outcome.kind === "failed") {
      const { code, message } = outcome;
      if (failures >= this.#failuresMax)
        this.#reason ??= { kind: "systemic", target, failures, code, message };
      return;
    }
    if (this.#budgetUsd === undefined) return;
    if (outcome.costUsd === undefined || (judging && judging.costUsd === undefined)) {
      this.#reason ??= { kind: "unpriced" };
      return;
    }
    this.#spentUsd += outcome.costUsd + (judging?.costUsd ?? 0);
    this.#priced++;
    this.#checkBudget();
  }

  /** What is under way will cost about as much as others did: the cap holds with it. */
  #checkBudget(): void {
    if (this.#budgetUsd === undefined || this.#priced === 0) return;
    const expectedUsd = (this.#spentUsd / this.#priced) * this.#underWay;
    if (this.#spentUsd + expectedUsd >= this.#budgetUsd)
      this.#reason ??= { kind: "budget", spentUsd: this.#spentUsd };
  }
}
