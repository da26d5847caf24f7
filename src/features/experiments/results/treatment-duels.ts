import type { TreatmentDuels } from "#core/experiments/comparisons/duels.ts";
import type { PhaseName, ShadowStore } from "../shadows/store.ts";

/** Units whose duels are read at most; beyond, the first by their pseudonyms, which are as good as drawn. */
const unitsMax = 100_000;

/** What is kept of the duels of each treatment. */
export async function treatmentDuels(
  store: Pick<ShadowStore, "duelCounts" | "unitDuels">,
  phase: PhaseName,
): Promise<readonly TreatmentDuels[]> {
  const counts = await store.duelCounts(phase);
  const units = Map.groupBy(await store.unitDuels(phase, unitsMax), ({ variant }) => variant);
  return counts.map(({ variant, ends, picoDollars }) => {
    const { won, lost, tied, inconsistent, unanswered, "judge-failed": judgeFailed } = ends;
    const judged = units.get(variant) ?? [];
    return { variant, won, lost, tied, inconsistent, judgeFailed, unanswered, picoDollars, units: judged };
  });
}
