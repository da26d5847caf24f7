import { checkedLengthMax } from "#core/parsing/format-check.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import { checkedFormat } from "#features/gateway/answer-format.ts";
import { failureHeaders } from "#features/gateway/answer-headers.ts";
import type { Arrival, Asked } from "#features/gateway/asked.ts";
import { requestCost } from "#features/gateway/attempt-record.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import { collectLengthMax } from "#features/gateway/collected-content.ts";
import type { Deadlines } from "#features/gateway/exchange.ts";
import { keptLengthMax } from "#features/gateway/kept-answers/kept-answers.ts";
import type { OperationInput } from "#features/gateway/operation.ts";
import type { Plan } from "#features/gateway/plan.ts";
import { isEmulated } from "#features/gateway/record.ts";

/** Whether the client says that it reads what stands behind a chunked answer (RFC 9110, 10.1.4). */
export function acceptsTrailers({ headers }: Arrival): boolean {
  const te = headers?.["te"];
  return typeof te === "string" && /(?:^|[\s,])trailers(?:$|[\s,;])/i.test(te);
}

/** How much of an answer is collected, where it is to be kept or read for whatever reason. */
export function collecting(
  asked: Asked,
  plan: Plan,
  isKept: boolean,
): Pick<OperationInput, "collectLengthMax"> {
  if (plan.capture === "full" || plan.shadow?.choice.isJudged || plan.evaluations)
    return { collectLengthMax };
  if (isKept) return { collectLengthMax: keptLengthMax };
  return checkedFormat(asked, plan) ? { collectLengthMax: checkedLengthMax } : {};
}

/** Whether a second attempt may be made beside a slow one: not where its tools could act twice. */
export function mayHedge({ hedge }: RouteResilience, { facts, resource }: Asked): boolean {
  return hedge !== undefined && !resource && (hedge.tools || !facts.hasTools);
}

/** What the route wants done about failures; what would be made anew with each try is tried once. */
export function triesOf(resilience: RouteResilience, { resource }: Asked): RouteResilience {
  return resource?.once ? { ...resilience, attemptsMax: 1 } : resilience;
}

/** The route's deadlines, shortened to what the client said it waits. */
export function effectiveDeadlines(deadlines: Deadlines, clientMs: number | undefined): Deadlines {
  if (clientMs === undefined) return deadlines;
  return { ...deadlines, totalMs: Math.min(clientMs, deadlines.totalMs ?? clientMs) };
}

/** The headers of an error that stands in for an answer. */
export function headersOfFailure(plan: Plan, end: ClimbEnd): Readonly<Record<string, string>> {
  return failureHeaders({
    route: plan.decision.route,
    experiment: plan.experiment,
    attempts: end.attempts.length,
    cost: requestCost(end.attempts),
    emulated: isEmulated(plan, end),
  });
}
