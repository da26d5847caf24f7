import { z } from "zod";
import type { Timers } from "#core/kernel/timers.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { readiness, type ReadinessSources } from "./readiness.ts";

/** Where `/metrics` comes from. */
interface MetricsSource {
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

/** What the probes need. */
export interface HealthPorts {
  readonly readiness: ReadinessSources;
  readonly metrics: MetricsSource;
  readonly timers: Timers;
}

const check = z
  .object({
    name: described(z.string(), "What is checked.", "store"),
    ok: described(z.boolean(), "Whether it is well.", true),
    detail: described(z.string(), "What was found, in words.", "answers"),
  })
  .meta({ id: "ReadinessCheck", description: "One check of readiness." });

const readinessReport = z
  .object({
    status: described(z.enum(["ready", "not-ready"]), "Whether traffic may be sent here.", "ready"),
    checks: described(z.array(check), "Each check; all must be well.", [
      { name: "store", ok: true, detail: "answers" },
    ]),
  })
  .meta({ id: "Readiness", description: "Whether this process can serve." });

/** `/livez` (also as `/health`), `/readyz` and `/metrics`: open to all, for probes have no keys. None of them calls a provider. */
export function healthEndpoints(ports: HealthPorts): readonly ServedEndpoint[] {
  return [liveness, health, ready(ports), metrics(ports.metrics)];
}

const liveness: ServedEndpoint = {
  method: "GET",
  path: "/livez",
  operationId: "liveness",
  tag: "Health",
  summary: "Is the process alive",
  description: "Answers as long as the process turns its event loop. Restart it when this fails.",
  protection: "none",
  errors: "none",
  replies: {
    200: {
      description: "It is.",
      content: {
        "application/json": z
          .object({ status: described(z.literal("alive"), "Always this word.", "alive") })
          .meta({ id: "Liveness", description: "The process is alive." }),
      },
    },
  },
  handle: () => Promise.resolve({ status: 200, body: { status: "alive" } }),
};

/** The name that vLLM gives it: GuideLLM and others ask for it before they begin. */
const health: ServedEndpoint = {
  ...liveness,
  path: "/health",
  operationId: "health",
  description: "The same as `/livez`, where clients of vLLM look for it.",
};

function ready(ports: HealthPorts): ServedEndpoint {
  const content = { "application/json": readinessReport };
  return {
    method: "GET",
    path: "/readyz",
    operationId: "readiness",
    tag: "Health",
    summary: "May traffic be sent here",
    description:
      "Checks that a configuration is loaded, that the store answers, that a deployment is usable, that the request log has room, and that no shutdown is under way. Never a paid call.",
    protection: "none",
    errors: "none",
    replies: { 200: { description: "Yes.", content }, 503: { description: "No: see the checks.", content } },
    handle: async () => {
      const report = await readiness(ports.readiness, ports.timers);
      return { status: report.status === "ready" ? 200 : 503, body: report };
    },
  };
}

function metrics(source: MetricsSource): ServedEndpoint {
  return {
    method: "GET",
    path: "/metrics",
    operationId: "metrics",
    tag: "Health",
    summary: "Metrics for Prometheus",
    description:
      "Prometheus' text format. `signalbox_requests_total`, `signalbox_request_duration_seconds`, `signalbox_first_token_seconds`, `signalbox_gateway_overhead_seconds`, `signalbox_tokens_total`, `signalbox_attempts_total`, `signalbox_attempt_first_token_seconds`, `signalbox_requests_in_flight`, those of the request log (`signalbox_log_...`), and Node's own. Units stand in the names; labels are bounded.",
    protection: "none",
    errors: "none",
    replies: {
      200: {
        description: "The metrics.",
        content: {
          "text/plain": z.string().meta({
            description: "One line a series.",
            examples: [
              'signalbox_requests_total{route="assistant",variant="assistant-flash",deployment="flash",outcome="completed"} 42',
            ],
          }),
        },
      },
    },
    handle: async () => ({
      status: 200,
      body: await source.text(),
      headers: { "content-type": source.contentType },
    }),
  };
}
