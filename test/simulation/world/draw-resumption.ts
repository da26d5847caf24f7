import { prefillWays, type PrefillWay } from "#core/dialects/dialect.ts";
import type { DeploymentPlan } from "./scenario.ts";
import { SeededChance } from "../../support/seeded-chance.ts";

/** The part of the worlds whose route has broken streams gone on with. */
const resumingShare = 0.3;
/** The part of their deployments whose model goes on with an answer that has begun. */
const prefillShare = 0.8;

/** Whether a world's route has broken streams gone on with, and which of its models can do that: at least one, there. */
export function drawResumption(
  seed: number,
  deployments: readonly DeploymentPlan[],
): { readonly resumes: boolean; readonly deployments: readonly DeploymentPlan[] } {
  const chance = new SeededChance(seed, "resume");
  if (!chance.happens(resumingShare)) return { resumes: false, deployments };
  return {
    resumes: true,
    deployments: deployments.map((plan, at) => {
      const prefill = drawWay(chance, plan);
      return chance.happens(prefillShare) || at === 0 ? { ...plan, prefill } : plan;
    }),
  };
}

/** Gemini's models have one way only. */
function drawWay(chance: SeededChance, { dialect }: DeploymentPlan): PrefillWay {
  const way = chance.one(prefillWays);
  return dialect === "gemini" ? "last-turn" : way;
}
