import { ok, type Result } from "#core/kernel/result.ts";
import { criticalDistance } from "./achieved-power.ts";
import { driftThatCrosses, firstCrossings } from "./first-crossings.ts";
import { groupSequentialBounds, type SequentialPlan } from "./group-sequential.ts";
import { refused, refusedPower, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";

/** How a group-sequential test goes where there is an effect. */
export interface SequentialPower {
  /** The probability of crossing a bound at a look, on either side where the plan has two. */
  readonly power: number;
  /** That of crossing for the first time at each look. */
  readonly stops: readonly number[];
  /** Mean information at the end, as a share of that planned: what looking early saves. */
  readonly expectedFraction: number;
}

/**
 * The power of a group-sequential test and how early it stops. The statistic at a fraction t is normal around drift x sqrt t, in
 * the direction asked for; crossing is integrated as the bounds are (Jennison & Turnbull 2000, chapter 19).
 * @param drift the true effect in standard errors of the full plan
 *
 * Refuses as groupSequentialBounds, and `bad-value` for a drift that is not finite.
 */
export function groupSequentialPower(
  plan: SequentialPlan,
  { fractions, drift }: { readonly fractions: readonly number[]; readonly drift: number },
): Result<SequentialPower, Refusal> {
  if (!Number.isFinite(drift)) return refused("bad-value", `The drift is a finite number, it is ${drift}`);
  const bounds = groupSequentialBounds(plan, fractions);
  if (!bounds.ok) return bounds;
  const towards = plan.alternative === "less" ? -drift : drift;
  const near = firstCrossings(bounds.value, towards);
  const isTwoSided = (plan.alternative ?? "two-sided") === "two-sided";
  const far = isTwoSided ? firstCrossings(bounds.value, -drift) : near.map(() => 0);
  const stops = near.map((crossing, look) => crossing + (far[look] ?? 0));
  const power = stops.reduce((sum, stop) => sum + stop, 0);
  const latest = fractions.at(-1) ?? 1;
  const saved = stops.reduce((sum, stop, look) => sum + stop * (latest - (fractions[look] ?? 0)), 0);
  return ok({ power, stops, expectedFraction: latest - saved });
}

/**
 * How many times the units of a test that looks once a group-sequential one must plan for, to have the same power: the
 * `inflation` of a plan. (drift / (z_alpha + z_power))^2, drift that of the side of the effect with this power; a few per cent
 * with O'Brien and Fleming's spending. Refuses as groupSequentialBounds, `bad-level` for the power, and `bad-value` for one that
 * is not above the error rate, or that a bound at no look allows.
 */
export function sequentialInflation(
  plan: SequentialPlan,
  { fractions, power }: { readonly fractions: readonly number[]; readonly power: number },
): Result<number, Refusal> {
  const badPower = refusedPower(power);
  if (badPower) return badPower;
  const bounds = groupSequentialBounds(plan, fractions);
  if (!bounds.ok) return bounds;
  const once = criticalDistance(plan, 1) + normalQuantile(power);
  if (once <= 0) return refused("bad-value", `A power of ${power} is not above the error rate`);
  const drift = driftThatCrosses(bounds.value, { probability: power, guess: once });
  return drift === undefined
    ? refused("bad-value", "The looks leave no bound that could be reached")
    : ok((drift / once) ** 2);
}
