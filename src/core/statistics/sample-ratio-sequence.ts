import { ok, type Result } from "#core/kernel/result.ts";
import { plannedArms, type PlannedArm, type WeightedArm } from "./planned-arms.ts";
import type { Refusal } from "./refusal.ts";
import { logGamma } from "./special-functions.ts";

/** How far sizes that are watched have gone from their shares. */
export interface SampleRatioEvidence {
  /** ln of the e-value: how many times likelier these sizes are under shares nearby than under the planned ones. */
  readonly logEvidence: number;
  /** min(1, 1 / e-value): with chance alpha at most it is ever below alpha while shares are as planned. */
  readonly pValue: number;
}

/**
 * How many units each belief of the shares is worth, that is how near to the planned ones the others are that the sizes are held
 * against: by about 1 / sqrt(these). One alone is slow somewhere: 3,000 sees a loss of 2 to 5 % of an arm as soon as any does
 * (of two even arms of 250,000 units that of 2 % with 0.77), but needs 212 units to see that all of one arm are lost; 100 needs 45,
 * and sees the former with 0.65. Half of each: 0.74, and 48 (20,000 drawn experiments, level 0.001).
 */
const concentrations = [100, 3_000] as const;

/**
 * Sample-ratio mismatch of sizes that may be looked at whenever somebody likes, after each unit even: the mean over c of
 * B(c p + x) / (B(c p) prod p_i^x_i), where x are the sizes, p the planned shares and ln B(a) = sum ln G(a_i) - ln G(sum a_i), that is the
 * likelihood of the sizes under shares drawn from Dirichlet(c p) to that under p. Under p it is a martingale of mean 1 in the units
 * as they come, so that it ever reaches 1 / alpha with chance alpha at most (Ville); what was seen before need not be kept.
 * Exact from the first unit on; weights are relative; assumes units that are assigned independently.
 * Lindon & Malek (2022), Anytime-Valid Inference for Multinomial Count Data, NeurIPS 35. Refuses as `sampleRatio` does.
 */
export function sampleRatioSequence(arms: readonly WeightedArm[]): Result<SampleRatioEvidence, Refusal> {
  const planned = plannedArms(arms);
  if (!planned.ok) return planned;
  const evidence = concentrations.map((concentration) => mixtureEvidence(planned.value, concentration));
  const most = Math.max(...evidence);
  const mean = evidence.reduce((sum, one) => sum + Math.exp(one - most), 0) / evidence.length;
  const logEvidence = most + Math.log(mean);
  return ok({ logEvidence, pValue: Math.min(1, Math.exp(-logEvidence)) });
}

function mixtureEvidence(arms: readonly PlannedArm[], concentration: number): number {
  const total = arms.reduce((sum, { units }) => sum + units, 0);
  let evidence = logGamma(concentration) - logGamma(concentration + total);
  for (const { units, share } of arms) {
    const belief = concentration * share;
    evidence += logGamma(belief + units) - logGamma(belief) - units * Math.log(share);
  }
  return evidence;
}
