import { promptCacheDefaults } from "#core/routing/affinity.ts";
import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route } from "#core/routing/route.ts";
import { byPriority } from "#core/routing/strategies/priority.ts";
import type { Variant } from "#core/routing/variant.ts";
import { Gateway, Healths, rungsOf } from "#features/gateway/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";

/** What the gateway of a test is made from. */
export interface OpenAiGatewayOptions {
  readonly upstream: UpstreamPort;
  readonly time: Clock & Timers;
  /** Names that have a route: "first" is tried, then "second". */
  readonly routes: readonly string[];
  /** Where the provider's paths begin. */
  readonly baseUrl?: string;
}

/** A real gateway with one OpenAI-compatible provider, two variants of one deployment each, and what it recorded. */
export function openAiGateway({
  upstream,
  time,
  routes,
  baseUrl = "http://upstream/v1",
}: OpenAiGatewayOptions) {
  const records: RequestRecord[] = [];
  const healths = new Healths(() => time.nowMs());
  const resolve = (name: string) => (routes.includes(name) ? routeOf(name) : undefined);
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0.5, bytes: (length) => new Uint8Array(length) },
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind, name) => `${kind} ${name}`,
    record: (make) => records.push(make()),
    snapshot: () => ({
      versions: { configuration: "test", statusEpoch: 0, prices: "test" },
      resolve,
      suggestions: () => [...routes],
      rung: rungsOf(
        () => ({
          name: "in-house",
          dialect: openaiChat,
          baseUrl,
          headers: { "content-type": "application/json", authorization: "Bearer key" },
          privateNetwork: true,
          emulated: false,
          promptCache: promptCacheDefaults,
        }),
        { healths },
      ),
    }),
  });
  return { gateway, records, resolves: (name: string) => resolve(name) !== undefined };
}

function routeOf(name: string): Route {
  return {
    name,
    kind: "route",
    capture: "metadata",
    strategy: byPriority(["first"]),
    variants: new Map(["first", "second"].map((variant) => [variant, variantOf(variant)])),
    fallbacks: ["second"],
    deadlines: {},
  };
}

function variantOf(name: string): Variant {
  return { name, hash: name, modelId: "qwen", pool: [deploymentOf(`${name}-deployment`)], parameters: {} };
}

function deploymentOf(name: string): Deployment {
  return {
    name,
    provider: "in-house",
    weight: 1,
    model: {
      id: "qwen",
      operations: ["chat"],
      outputSharesContext: false,
      media: [],
      tools: true,
      structuredOutput: true,
      upstream: {
        id: "qwen",
        thinking: { mode: "none" },
        ignoresSampling: false,
        needsThoughtSignatures: false,
        acceptsPrefill: true,
      },
    },
  };
}
