import { roundedMs } from "#core/kernel/rounded-ms.ts";
import type { DeploymentFacts } from "#adapters/telemetry/deployment-metrics.ts";
import type { HealthView } from "#core/resilience/deployment-health.ts";
import type { DeploymentHealthView } from "#http/control-plane/deployment-health-view.ts";

/** How a deployment is, in the words of the API. */
export function healthViewOf(view: HealthView): DeploymentHealthView {
  const { breaker, contentP95Ms } = view;
  return {
    state: breaker.state,
    since: timeText(breaker.sinceMs),
    reason: breaker.reason ?? null,
    open_until: textOrNull(breaker.openUntilMs),
    cooling_until: textOrNull(view.coolingUntilMs),
    share: view.share,
    in_flight: view.inFlight,
    in_flight_max: view.inFlightMax,
    headroom: view.headroom,
    spared_share: view.sparedShare,
    first_content_p95_ms: contentP95Ms === undefined ? null : roundedMs(contentP95Ms),
    last_attempt_at: textOrNull(view.trafficAtMs),
  };
}

/** How a deployment is, for the metrics. */
export function deploymentFacts(
  deployment: string,
  { breaker, inFlight, coolingUntilMs }: HealthView,
): DeploymentFacts {
  return {
    deployment,
    state: breaker.state,
    inFlight,
    ...(coolingUntilMs !== undefined && { coolingUntilMs }),
  };
}

function textOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : timeText(ms);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
