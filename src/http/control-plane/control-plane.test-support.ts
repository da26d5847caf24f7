import type { ExplainQuestion, ExplainReply } from "./explain-endpoint.ts";
import type { FastifyInstance } from "fastify";
import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok } from "#core/kernel/result.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { createLogger } from "#adapters/telemetry/logger.ts";
import { createMetrics } from "#adapters/telemetry/metrics.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { ApiKey } from "#features/access/index.ts";
import { summarise } from "#features/chains/index.ts";
import { untouched } from "#features/deployments/index.ts";
import { PromptService } from "#features/prompts/index.ts";
import { LiveTail, type RequestRecord } from "#features/traffic/index.ts";
import { cachedDocument } from "#http/openapi/cached-document.ts";
import type { ApiSnapshot } from "#http/openapi/snapshot.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { memoryConfiguration } from "../../../test/support/memory-configuration.ts";
import { memoryEvaluationRuns } from "../../../test/support/memory-evaluation-runs.ts";
import { memoryExperiments } from "../../../test/support/memory-experiments.ts";
import { memoryReviews } from "../../../test/support/memory-reviews.ts";
import { createControlPlane } from "./control-plane.ts";
import { memoryFeedback } from "./memory-feedback.test-support.ts";
import { memoryTraffic } from "./memory-traffic.test-support.ts";
import { controlPlaneEndpoints, type ControlPlanePorts } from "./endpoints.ts";

/** What a test sees of the control plane's surroundings, and can change. */
export interface World {
  readonly app: FastifyInstance;
  readonly endpoints: readonly ServedEndpoint[];
  readonly ports: ControlPlanePorts;
  readonly records: RequestRecord[];
  readonly keys: ApiKey[];
  readonly logLines: string[];
  snapshot: ApiSnapshot;
  adminKey: string | undefined;
  configurationVersion: string | undefined;
  usableDeployments: number;
  accepting: boolean;
  log: { accepting: boolean; full: string | undefined };
  ping: () => Promise<void>;
}

/** A request id of that number: later numbers are later ids. */
export function idOf(number: number): string {
  return requestId(1_764_000_000_000 + number, new Uint8Array(10).fill(number % 256));
}

/** A finished request with one attempt, changed as wanted. */
export function recordOf(number: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  const usage = {
    inputTokens: 12,
    cachedInputTokens: 2,
    toolInputTokens: 0,
    outputTokens: 22,
    thinkingTokens: 8,
  };
  return {
    requestId: idOf(number),
    startedAtMs: 1_764_000_000_000 + number,
    operation: "chat",
    dialect: "openai-chat",
    stream: true,
    model: "assistant",
    decision: {
      route: "assistant",
      variant: "assistant-flash",
      strategy: "weighted",
      candidates: [
        { variant: "assistant-flash", probability: 0.8 },
        { variant: "assistant-lite", probability: 0.2 },
      ],
      propensity: 0.8,
      draw: 0.31,
      ladder: ["flash", "lite"],
      reason: "drawn with probability 0.8",
      warnings: [],
      snapshot: { configuration: "v1", statusEpoch: 4, prices: "2026-11-25" },
    },
    attempts: [
      {
        attempt: 1,
        deployment: "flash",
        provider: "google",
        variant: "assistant-flash",
        model: "gemini-3.8-flash",
        outcome: "completed",
        status: 200,
        usage,
        startedMs: 1,
        firstByteMs: 180,
        firstContentMs: 214,
        totalMs: 890,
      },
    ],
    outcome: "completed",
    status: 200,
    usage,
    finishReason: "stop",
    timings: { queueMs: 0.2, firstContentMs: 215, totalMs: 891, gatewayMs: 0.6 },
    capture: "metadata",
    tags: { tier: "free" },
    emulated: true,
    ...changes,
  };
}

const logFacts = {
  waitingRows: 5,
  oldestWaitingSeconds: 0.2,
  storedRows: 100,
  droppedRows: 7,
  gaps: 1,
  rejectedRows: 0,
  retries: 0,
  spoolBytes: 4096,
  droppedContents: 0,
  isFull: false,
  syncs: { count: 20, seconds: 0.5, secondsMax: 0.125 },
};

/** What is told of a request to any route: one variant could serve it. */
function explained({ route: name, draw = 0.5 }: ExplainQuestion): ExplainReply {
  return {
    route: name,
    variant: "assistant-flash",
    candidates: [{ variant: "assistant-flash", probability: 1, excluded: null }],
    propensity: 1,
    draw,
    ladder: ["flash"],
    reason: "use chose assistant-flash",
    experiment: null,
    shadow: null,
    prompt: null,
    facts: {
      input_tokens: 3,
      turns: 1,
      tools: false,
      schema: false,
      thinking: false,
      media: [],
      code: false,
      maths: false,
      language: "en",
      question: "statement",
      system_prompt: null,
    },
    strategy: {
      keyword: "use",
      settings: "assistant-flash",
      probabilities: { "assistant-flash": 1 },
      scores: null,
      parts: [],
    },
  };
}

/** A control plane over memory. */
export async function controlPlaneWorld(more: readonly ServedEndpoint[] = []): Promise<World> {
  const records: RequestRecord[] = [];
  const keys: ApiKey[] = [];
  const logLines: string[] = [];
  const metrics = createMetrics({
    inFlight: () => 3,
    log: () => logFacts,
    tail: () => ({ listeners: 2, dropped: 9 }),
    configuration: () => ({ number: 7, isFileInvalid: true, isRefused: false }),
    deployments: () => [],
    tokens: () => [{ provider: "vertex-eu", expiresAtMs: 5_000, renewed: 4, notRenewed: 2 }],
  });
  for (let number = 1; number <= 3; number++) metrics.observeRequest(recordOf(number));
  let made = 0;
  const world = {
    records,
    keys,
    logLines,
    snapshot: {
      version: "v1",
      routes: ["assistant"],
      chatModels: ["gemini-3.8-flash", "gemini-4-argon"],
      embeddingModels: ["gemini-embedding-2"],
      chains: [summarise],
    } as ApiSnapshot,
    adminKey: undefined as string | undefined,
    configurationVersion: "v1" as string | undefined,
    usableDeployments: 2,
    accepting: true,
    log: { accepting: true, full: undefined },
    ping: () => Promise.resolve(),
  };
  const configuration = await memoryConfiguration();
  const ports: ControlPlanePorts = {
    requests: memoryTraffic(records),
    tail: { tail: new LiveTail({ since: () => undefined }), timers: systemTimers },
    ...memoryFeedback(),
    reviews: memoryReviews(),
    liveScores: async (name) => ({
      evaluation: { name, routes: new Set(["assistant"]), sample: 0.05, scorers: new Map() },
      fromMs: 1_763_000_000_000,
      lastMs: 1_763_604_800_000,
      toMs: 1_763_691_200_000,
      scores: [
        {
          scorer: "polite",
          name: `${name}.polite`,
          route: "assistant",
          variant: "assistant-flash",
          last: { count: 40, mean: 0.5, interval: [0.35, 0.65] },
          before: { count: 0 },
          drift: { state: "unknown", reason: "30 scores of either window are wanted, one has 0" },
        },
      ],
    }),
    erase: () => Promise.resolve({ requests: 1, feedback: 2, sums: 3, complete: true }),
    catalog: { models: () => [model], routes: () => [route] },
    explain: explained,
    deployments: {
      list: () => [deployment],
      one: () => deployment,
      deploy: { deploy: ({ name = "flash" }) => Promise.resolve(untouched(name)) },
      service: memoryDeployments(),
    },
    prompts: new PromptService({ configuration: configuration.service }),
    ...memoryExperiments(configuration.service),
    evaluationRuns: {
      service: await memoryEvaluationRuns({ waiting: idOf(1), over: [idOf(2), idOf(3)] }),
      timers: systemTimers,
    },
    configuration,
    keys: memoryKeys(keys),
    chains: { list: () => ({ chains: [] }) },
    health: {
      readiness: {
        configurationVersion: () => world.configurationVersion,
        pingStore: () => world.ping(),
        usableDeployments: () => world.usableDeployments,
        accepting: () => world.accepting,
        log: () => world.log,
      },
      metrics,
      timers: systemTimers,
    },
  };
  const endpoints = [...controlPlaneEndpoints(ports), ...more];
  const app = await createControlPlane({
    logger: createLogger({ level: "debug", destination: { write: (line) => void logLines.push(line) } }),
    endpoints,
    document: cachedDocument({
      snapshot: () => world.snapshot,
      info: () => ({ version: "0.1.0", emulated: true }),
      served: endpoints,
    }),
    access: {
      admit: (credential) =>
        world.adminKey === undefined || credential === world.adminKey
          ? ok({ kind: "admin" })
          : failed(new AppError("unauthenticated", "Cannot admit the request: the admin key is wanted")),
    },
    requestId: () => idOf(++made),
  });
  return Object.assign(world, { app, endpoints, ports });
}

/** Deployments that nothing is done with. */
function memoryDeployments(): ControlPlanePorts["deployments"]["service"] {
  const unchanged = (name: string) => Promise.resolve(untouched(name));
  return { drain: unchanged, disable: unchanged, enable: unchanged, setWeight: unchanged, forget: unchanged };
}

function memoryKeys(keys: ApiKey[]): ControlPlanePorts["keys"] {
  return {
    listKeys: () => Promise.resolve(keys),
    createKey: ({ name, scopes }) => {
      const key = { ...keyOf(keys.length + 1), name, scopes };
      keys.push(key);
      return Promise.resolve({ key, secret: `secret-of-${key.id}` });
    },
    revokeKey: (id) => {
      const at = keys.findIndex((key) => key.id === id);
      const key = keys[at];
      if (!key)
        return Promise.reject(new AppError("not-found", `Cannot revoke key "${id}": there is no such key`));
      const revoked = { ...key, revokedAtMs: 1_764_000_001_000 };
      keys[at] = revoked;
      return Promise.resolve(revoked);
    },
  };
}

/** The API key of that number. */
export function keyOf(number: number): ApiKey {
  return {
    id: `key_${number.toString(16).padStart(24, "0")}`,
    name: "search",
    prefix: "sb_4fQ1aZ9k",
    hash: new Uint8Array(32),
    pepperId: "p1",
    scopes: ["data"],
    createdAtMs: 1_764_000_000_000,
  };
}

const model = {
  id: "gemini-3.8-flash",
  display_name: "Gemini 3.8 Flash",
  description: "Fast.",
  operations: ["chat" as const],
  state: "active" as const,
  released_on: "2026-09-02",
  shut_down_on: null,
  replacement: null,
  context_tokens: 1_048_576,
  output_tokens_max: 65_536,
  media: ["image"],
  tools: true,
  structured_output: true,
  price: null,
  usable: true,
  emulated: true,
};

const deployment = {
  name: "flash",
  provider: "google",
  dialect: "gemini" as const,
  model: "gemini-3.8-flash",
  weight: 1,
  configured_weight: 1,
  state: "ready" as const,
  since: null,
  why: null,
  changed_by: null,
  changed_at: null,
  epoch: 0,
  report: null,
  under_way: 0,
  health: {
    state: "half-open" as const,
    since: "2026-11-25T12:00:00.000Z",
    reason: "failures-in-row" as const,
    open_until: "2026-11-25T11:59:55.000Z",
    cooling_until: null,
    share: 1,
    in_flight: 0,
    in_flight_max: 1_000,
    headroom: 1,
    spared_share: 0,
    first_content_p95_ms: null,
    last_attempt_at: null,
  },
  lifecycle: { state: "active" as const, shut_down_on: null, replacement: null, warning: null },
  price: null,
  usable: true,
  emulated: true,
  configured: true,
};

const route = {
  name: "assistant",
  strategy: "weighted",
  variants: [{ name: "assistant-flash", probability: 1, model: "gemini-3.8-flash", deployments: ["flash"] }],
  fallbacks: [],
  first_token_ms: 8000,
  idle_ms: null,
  total_ms: 60_000,
  resilience: {
    attempts_max: 3,
    priority: "normal" as const,
    hedge: null,
    fallbacks: [],
    cost_max_usd: null,
    resume: false,
    kept_answers: null,
  },
  requires: {},
};
