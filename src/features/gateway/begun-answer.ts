import type { AttemptEnd, AttemptPlan } from "#features/gateway/attempt.ts";
import type { AnswerRest } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

type Stages = readonly (readonly Rung[])[];

/** An answer that is there in part, and who may be asked for its rest. */
export class BegunAnswer {
  readonly rest: AnswerRest;
  /** The attempt that was made last, when the rest began to be missing. */
  readonly plan: AttemptPlan;
  /** The attempts that brought a piece each. */
  readonly pieces: readonly AttemptRecord[];
  #isAsked: boolean;

  constructor(rest: AnswerRest, { plan, record }: AttemptEnd, before: BegunAnswer | undefined) {
    this.rest = rest;
    this.plan = plan;
    const pieces = before?.pieces ?? [];
    this.pieces = plan.prepared.answer().hasContent ? [...pieces, record] : pieces;
    this.#isAsked = rest.elsewhere !== undefined;
  }

  /** How the next attempt goes on with it. */
  get goesOn(): "continues" | "resumes" {
    return this.rest.elsewhere ? "resumes" : "continues";
  }

  /** Our estimate of what an attempt at its rest reads beside the prompt, tokens; undefined where it reads no more. */
  get beginningTokens(): number | undefined {
    return this.rest.elsewhere?.promptTokens ?? this.plan.beginningTokens;
  }

  /** The rung that has the beginning, once: it is asked for the rest at once, since nobody else has it. */
  takeNext(): Rung | undefined {
    if (this.#isAsked) return undefined;
    this.#isAsked = true;
    return this.plan.rung;
  }

  /** Who else may be asked, of all. */
  stages(all: Stages): Stages {
    const { elsewhere } = this.rest;
    return elsewhere ? all.map((stage) => stage.filter((rung) => elsewhere.goesOn(rung))) : nobody;
  }
}

const nobody: Stages = [];
