import { ok, type Result } from "#core/kernel/result.ts";
import { eloOf, refusedDuels, winProbability, type Duel } from "./elo.ts";
import { solved } from "./linear-system.ts";
import { normOf } from "./norm.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { studentTested, type MeanDifference } from "./welch-test.ts";

/** How strong a variant is. */
export interface Strength {
  readonly name: string;
  /** In log-odds; all together are 0. */
  readonly strength: number;
  readonly elo: number;
  /** Strength less the reference's, in log-odds; none for the reference itself. */
  readonly versusReference: StrengthDifference | undefined;
}

/** How two strengths differ. */
export interface StrengthDifference extends MeanDifference {
  /** As if every duel were independent of the others and the model true: beside the clustered error, to see the difference. */
  readonly modelError: number;
}

/** What is asked of duels. */
export interface DuelQuestion {
  /** Error rate in (0, 1). */
  readonly alpha: number;
  /** Against whom all are compared; default the first one named. */
  readonly reference?: string;
  /** Precision of a normal belief that all are alike, >= 0; default 0. Above it, strengths exist also where one never lost. */
  readonly ridge?: number;
}

/**
 * Bradley and Terry's strengths: P(i beats j) = 1 / (1 + e^-(s_i - s_j)), the likeliest s by Newton's method, a tie as half a
 * win and half a loss; with a ridge, the likelihood less ridge/2 |s|^2.
 *
 * Assumes that one number a variant tells all (no stone, paper, scissors), and independent clusters. Errors are clustered
 * ("sandwich"): H^-1 (sum over clusters of g g') H^-1, g the sum of a cluster's score residuals; duels of one prompt go
 * together, and errors that take them for independent are too small by half (arena-hard: 1.8 times). Intervals and p-values by
 * Student's t with one degree of freedom less than clusters. Some dozens of clusters are wanted.
 *
 * Bradley & Terry (1952), Biometrika 39; Hunter (2004), Annals of Statistics 32; Liang & Zeger (1986), Biometrika 73.
 *
 * Refuses `bad-level`, `bad-value` (scores outside [0, 1], a duel with itself, a reference without duels, a ridge below 0),
 * `too-few` below 2 clusters, or where, without a ridge, some never lost to the others or never met them: their strength
 * has no bound; `no-variance` where the clusters leave no error.
 */
export function bradleyTerry(
  duels: readonly Duel[],
  { alpha, reference, ridge = 0 }: DuelQuestion,
): Result<readonly Strength[], Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedDuels(duels);
  if (refusal) return refusal;
  if (!(ridge >= 0 && ridge < Infinity)) return refused("bad-value", `A ridge is at least 0, it is ${ridge}`);
  const names = [...new Set(duels.flatMap(({ first, second }) => [first, second]))];
  const origin = reference === undefined ? 0 : names.indexOf(reference);
  if (names.length > 0 && origin < 0) return refused("bad-value", `"${reference}" has no duels`);
  const fights = fightsOf(duels, names);
  const clusters = new Set(fights.map(({ cluster }) => cluster)).size;
  if (clusters < 2) return refused("too-few", `Strengths need 2 independent duels, there are ${clusters}`);
  const unbeaten = ridge > 0 ? undefined : neverLost(fights, names);
  if (unbeaten) return refused("too-few", `${unbeaten} never lost to the others: how strong has no bound`);
  const strengths = likeliest(fights, { count: names.length, ridge });
  if (!strengths) return refused("too-few", "The duels do not tell how strong each is");
  const results: Strength[] = [];
  for (const [place, name] of names.entries()) {
    const own = { name, strength: strengths[place] ?? 0, elo: eloOf(strengths[place] ?? 0) };
    if (place === origin) {
      results.push({ ...own, versusReference: undefined });
      continue;
    }
    const compared = differenceAt({ place, origin }, { fights, strengths, ridge, clusters, alpha });
    if (!compared.ok) return compared;
    results.push({ ...own, versusReference: compared.value });
  }
  return ok(results);
}

/** A duel by the places of its two sides. */
interface Fight {
  readonly first: number;
  readonly second: number;
  readonly score: number;
  readonly cluster: string | number;
}

function fightsOf(duels: readonly Duel[], names: readonly string[]): readonly Fight[] {
  const places = new Map(names.map((name, place) => [name, place]));
  return duels.map(({ first, second, score, cluster }, index) => ({
    first: places.get(first) ?? 0,
    second: places.get(second) ?? 0,
    score,
    cluster: cluster ?? index,
  }));
}

/** Names of those who together never lost, not even half, to any other; none where each is linked to each by losses. */
function neverLost(fights: readonly Fight[], names: readonly string[]): string | undefined {
  const losses = new Map<number, Set<number>>(names.map((_, place) => [place, new Set()]));
  for (const { first, second, score } of fights) {
    if (score < 1) losses.get(first)?.add(second);
    if (score > 0) losses.get(second)?.add(first);
  }
  for (const place of names.keys()) {
    const reached = new Set([place]);
    for (const one of reached) for (const winner of losses.get(one) ?? []) reached.add(winner);
    if (reached.size < names.length) return [...reached].map((one) => `"${names[one]}"`).join(", ");
  }
  return undefined;
}

const roundsMax = 100;

/** Newton's method, steps halved while they do not lead up; the likelihood is concave, so there is one top. */
function likeliest(
  fights: readonly Fight[],
  { count, ridge }: { readonly count: number; readonly ridge: number },
): readonly number[] | undefined {
  let strengths: readonly number[] = Array.from({ length: count }, () => 0);
  for (let round = 0; round < roundsMax; round += 1) {
    const slope = slopeOf(fights, strengths).map((value, place) => value - ridge * (strengths[place] ?? 0));
    const step = solved(curvatureOf(fights, strengths, ridge), slope);
    if (!step) return undefined;
    const height = heightOf(fights, strengths, ridge);
    let share = 1;
    let next = moved(strengths, step, share);
    while (heightOf(fights, next, ridge) < height - 1e-12 * Math.abs(height) && share > 1e-6) {
      share /= 2;
      next = moved(strengths, step, share);
    }
    strengths = next;
    if (Math.max(...step.map(Math.abs)) < 1e-12) return strengths;
  }
  return undefined;
}

function moved(from: readonly number[], step: readonly number[], share: number): readonly number[] {
  return from.map((value, place) => value + share * (step[place] ?? 0));
}

/** Log-likelihood, less the ridge. */
function heightOf(fights: readonly Fight[], strengths: readonly number[], ridge: number): number {
  let height = strengths.reduce((sum, value) => sum - (ridge / 2) * value * value, 0);
  for (const { first, second, score } of fights) {
    const lead = (strengths[first] ?? 0) - (strengths[second] ?? 0);
    // ln p = -ln(1 + e^-lead), ln(1-p) = -ln(1 + e^lead).
    height -= score * Math.log1p(Math.exp(-lead)) + (1 - score) * Math.log1p(Math.exp(lead));
  }
  return height;
}

function residualOf({ first, second, score }: Fight, strengths: readonly number[]): number {
  return score - winProbability({ own: strengths[first] ?? 0, other: strengths[second] ?? 0 });
}

function slopeOf(fights: readonly Fight[], strengths: readonly number[]): readonly number[] {
  const slope = strengths.map(() => 0);
  for (const fight of fights) {
    const residual = residualOf(fight, strengths);
    slope[fight.first] = (slope[fight.first] ?? 0) + residual;
    slope[fight.second] = (slope[fight.second] ?? 0) - residual;
  }
  return slope;
}

/**
 * Minus the second derivatives, with the ridge. Strengths that all rise alike change nothing, which leaves a flat direction;
 * a constant added everywhere takes it away and changes no difference, as slopes sum up to 0.
 */
function curvatureOf(
  fights: readonly Fight[],
  strengths: readonly number[],
  ridge: number,
): readonly (readonly number[])[] {
  const all = fights.length / strengths.length ** 2;
  const matrix = strengths.map((_, row) => strengths.map((_, column) => all + (row === column ? ridge : 0)));
  for (const { first, second } of fights) {
    const chance = winProbability({ own: strengths[first] ?? 0, other: strengths[second] ?? 0 });
    const weight = chance * (1 - chance);
    for (const [row, column, sign] of [
      [first, first, 1],
      [second, second, 1],
      [first, second, -1],
      [second, first, -1],
    ] as const) {
      const values = matrix[row];
      if (values) values[column] = (values[column] ?? 0) + sign * weight;
    }
  }
  return matrix;
}

interface Fitted {
  readonly fights: readonly Fight[];
  readonly strengths: readonly number[];
  readonly ridge: number;
  readonly clusters: number;
  readonly alpha: number;
}

/** With c = +1 at the place and -1 at the origin and u = H^-1 c: model error sqrt(c'u), clustered sqrt(sum of (u'g)^2). */
function differenceAt(
  { place, origin }: { readonly place: number; readonly origin: number },
  { fights, strengths, ridge, clusters, alpha }: Fitted,
): Result<StrengthDifference, Refusal> {
  const contrast = strengths.map((_, index) => Number(index === place) - Number(index === origin));
  const influence = solved(curvatureOf(fights, strengths, ridge), contrast);
  if (!influence) return refused("too-few", "The duels do not tell how strong each is");
  const modelError = Math.sqrt((influence[place] ?? 0) - (influence[origin] ?? 0));
  const sums = new Map<string | number, number>();
  for (const fight of fights) {
    const pull = (influence[fight.first] ?? 0) - (influence[fight.second] ?? 0);
    sums.set(fight.cluster, (sums.get(fight.cluster) ?? 0) + residualOf(fight, strengths) * pull);
  }
  const standardError = normOf([...sums.values()]);
  if (standardError < 1e-9 * modelError) {
    return refused("no-variance", "Every cluster came out as expected: there is no error to be seen");
  }
  const tested = studentTested(
    { difference: (strengths[place] ?? 0) - (strengths[origin] ?? 0), standardError },
    { alpha },
    [{ count: clusters, variance: standardError ** 2 * clusters }],
  );
  return tested.ok ? ok({ ...tested.value, modelError }) : tested;
}
