import { asked, type CallTrace, type History, type RequestTrace } from "../history.ts";
import { isCalm } from "../world/scenario.ts";
import type { Checker } from "./checker.ts";

/** A deployment that is drained or disabled takes no new request. */
export const withdrawnUnasked: Checker = {
  fact: "a deployment that is withdrawn when a request comes, or when it is sent, does not get it",
  violations: (history) => asked(history).flatMap(([request, call]) => misdirected(history, request, call)),
};

function misdirected(history: History, { plan, epoch }: RequestTrace, call: CallTrace): readonly string[] {
  const { deployment, number, startedMs } = call;
  const epochs = [history.epochs[epoch], history.epochs.findLast(({ fromMs }) => fromMs < startedMs)];
  return epochs.some((one) => one?.specification.withdrawn.includes(deployment))
    ? [`request ${plan.number} was sent to ${deployment} (call ${number}), which is withdrawn`]
    : [];
}

/** Standard deviations that the choice among variants may be off in one seed: of a million seeds not one is. */
const deviationsMax = 5.5;

/** Shares of variants are kept: the draw is by chance alone. */
export const sharesKept: Checker = {
  fact: "variants are chosen as often as their shares say",
  violations: ({ requests, epochs, scenario }) =>
    scenario.route.chosen.flatMap((variant) => {
      let surplus = 0;
      let variance = 0;
      for (const { epoch, records } of requests) {
        const share = epochs[epoch]?.specification.shares[variant] ?? 0;
        surplus += (records[0]?.decision?.variant === variant ? 1 : 0) - share;
        variance += share * (1 - share);
      }
      const deviations = variance === 0 ? Math.abs(surplus) * 10 : Math.abs(surplus) / Math.sqrt(variance);
      return deviations <= deviationsMax
        ? []
        : [
            `${variant} was chosen ${surplus.toFixed(1)} times too often (${deviations.toFixed(1)} standard deviations)`,
          ];
    }),
};

/**
 * Weights converge to shares: in a calm world the first choice among a pool is by weight, however often the configuration
 * changes. Two choices balance, so that counts vary less than those of independent draws.
 */
export const weightsKept: Checker = {
  fact: "in a calm world deployments are chosen as often as their weights say",
  violations: (history) =>
    // Where a conversation is kept it is no choice by weight, and those that are give way to it.
    isCalm(history.scenario) && !history.scenario.route.affinity
      ? history.scenario.deployments.flatMap((plan) => unbalanced(history, plan))
      : [],
};

function unbalanced(
  { requests, epochs, scenario }: History,
  { name, variant }: History["scenario"]["deployments"][number],
): readonly string[] {
  let surplus = 0;
  let variance = 0;
  const hasAnswered = answeredBefore(requests);
  for (const request of requests) {
    const { epoch, calls, records } = request;
    const [first] = calls;
    const specification = epochs[epoch]?.specification;
    if (!first || !specification || records[0]?.decision?.variant !== variant) continue;
    if (specification.withdrawn.includes(name)) continue;
    const pool = scenario.deployments.filter(
      (plan) => plan.variant === variant && !specification.withdrawn.includes(plan.name),
    );
    // Until one has answered for the first time, the others get what comes at once.
    if (!pool.every((plan) => hasAnswered(request, plan.name))) continue;
    const sum = pool.reduce((total, plan) => total + (specification.weights[plan.name] ?? 1), 0);
    const share = (specification.weights[name] ?? 1) / sum;
    surplus += (first.deployment === name ? 1 : 0) - share;
    variance += share * (1 - share);
  }
  const deviations = variance === 0 ? 0 : Math.abs(surplus) / Math.sqrt(variance);
  return deviations <= deviationsMax
    ? []
    : [
        `${name} was chosen ${surplus.toFixed(1)} times too often (${deviations.toFixed(1)} standard deviations)`,
      ];
}

/** Whether a deployment had answered a request of that kind before another one came: streams and whole answers apart. */
function answeredBefore(requests: readonly RequestTrace[]): (request: RequestTrace, name: string) => boolean {
  const firsts = new Map<string, number>();
  for (const { plan, calls } of requests)
    for (const { deployment, wordTimesMs } of calls) {
      const key = `${deployment} ${plan.stream}`;
      const atMs = wordTimesMs[0] ?? Number.POSITIVE_INFINITY;
      firsts.set(key, Math.min(firsts.get(key) ?? Number.POSITIVE_INFINITY, atMs));
    }
  return ({ plan }, name) => (firsts.get(`${name} ${plan.stream}`) ?? Number.POSITIVE_INFINITY) < plan.atMs;
}
