import type { Random } from "#core/kernel/random.ts";
import { movesOn } from "#features/gateway/client-error.ts";
import type { Balancer, ClimbSoFar, Choice } from "#features/gateway/balancer.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Chooses by weight among those of the first stage that are not tried, then of the next: knows nothing of health. */
export function weightedBalancer(random: Pick<Random, "unit">): Balancer {
  return {
    next: (climb) => nextByWeight(climb, random.unit()),
    began: () => ({ content: () => undefined, ended: () => undefined }),
    hedgeDelayMs: () => undefined,
    payHedge: () => false,
  };
}

function nextByWeight({ stages, tried, failure }: ClimbSoFar, unit: number): Choice {
  if (failure && !movesOn(failure)) return { kind: "none" };
  for (const stage of stages) {
    const left = stage.filter(({ deployment }) => !tried.some((rung) => rung.deployment === deployment));
    const rung = drawn(left, unit);
    if (rung) return { kind: "ask", rung };
  }
  return { kind: "none" };
}

function drawn(rungs: readonly Rung[], unit: number): Rung | undefined {
  let at = unit * rungs.reduce((sum, { weight }) => sum + weight, 0);
  return rungs.find(({ weight }) => (at -= weight) < 0) ?? rungs.at(-1);
}
