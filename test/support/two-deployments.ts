import type { Dialect } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { defaultResilience, type RouteResilience } from "#core/routing/route-resilience.ts";
import type { Route, RouteDeadlines } from "#core/routing/route.ts";
import { byPriority } from "#core/routing/strategies/priority.ts";
import { Gateway, Healths, rungsOf, sseFraming, type Arrival } from "#features/gateway/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "./fake-time.ts";
import { FakeUpstream } from "./fake-upstream.ts";
import { MemoryClient } from "./memory-client.ts";

/** What is there, and how its route wants it. */
export interface TwoDeployments {
  /** What the client speaks. */
  readonly dialect: Dialect;
  /** What the provider speaks; Gemini where nothing is said. */
  readonly upstream?: Dialect;
  /** What each model can, beside what those of Gemini 4 can; the first's, then the second's. */
  readonly models?: readonly Partial<Deployment["model"]["upstream"]>[];
  readonly deadlines?: RouteDeadlines;
  readonly resilience?: Partial<RouteResilience>;
}

/** The id of the model of both. */
export const model = "gemini-4-argon";

function deployment(name: string, abilities: Partial<Deployment["model"]["upstream"]> = {}): Deployment {
  return {
    name,
    provider: "google",
    weight: 1,
    model: {
      id: model,
      operations: ["chat"],
      outputSharesContext: true,
      media: [],
      tools: true,
      structuredOutput: true,
      upstream: {
        id: model,
        thinking: { mode: "level" },
        ignoresSampling: true,
        needsThoughtSignatures: true,
        acceptsPrefill: false,
        ...abilities,
      },
    },
    price: { periods: [{ rates: { input: 10, output: 100 } }] },
  };
}

/** A gateway over two deployments, `first` and, as its fallback, `second`, and what a client asks of it. */
export function twoDeployments(wanted: TwoDeployments) {
  const { dialect, models = [], deadlines = {}, resilience } = wanted;
  const variants = ["first", "second"].map(
    (name, at) =>
      [
        name,
        { name, hash: name, modelId: model, pool: [deployment(name, models[at])], parameters: {} },
      ] as const,
  );
  const route: Route = {
    name: "long",
    kind: "route",
    capture: "metadata",
    strategy: byPriority(["first"]),
    variants: new Map(variants),
    fallbacks: ["second"],
    deadlines,
    resilience: { ...defaultResilience, ...resilience },
  };
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const records: RequestRecord[] = [];
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0.5, bytes: (length) => new Uint8Array(length) },
    snapshot: () => ({
      versions: { configuration: "test", statusEpoch: 0, prices: "test" },
      resolve: () => route,
      suggestions: () => [],
      rung: rungsOf(
        () => ({
          name: "google",
          dialect: wanted.upstream ?? gemini,
          baseUrl: "http://upstream/v1beta",
          headers: {},
          privateNetwork: true,
          emulated: false,
          promptCache: promptCacheDefaults,
        }),
        { healths },
      ),
    }),
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind, name) => `${kind} ${name}`,
    record: (make) => records.push(make()),
  });
  const arrival: Arrival = {
    requestId: "019b0000-0000-7000-8000-000000000001",
    startedAtMs: time.nowMs(),
    startedMs: time.monotonicMs(),
    queueMs: 0,
    dialect,
    tags: {},
  };
  const ask = (stream: boolean, fields: object = {}): Promise<void> => {
    const text = JSON.stringify(
      dialect.name === "gemini"
        ? { contents: [{ role: "user", parts: [{ text: "hi" }] }], ...fields }
        : {
            model: "long",
            stream,
            ...(stream && { stream_options: { include_usage: true } }),
            messages: [{ role: "user", content: "hi" }],
            ...fields,
          },
    );
    const decoded = dialect.server.decodeRequest(JSON.parse(text), { model: "long", stream });
    if (!decoded.ok) throw new Error(decoded.error.message);
    return gateway.chat(
      arrival,
      { request: decoded.value, body: Buffer.from(text), framing: sseFraming() },
      client,
    );
  };
  return { time, upstream, client, records, ask };
}

/** The tokens of a call. */
export const counts = (promptTokenCount: number, candidatesTokenCount: number) => ({
  usageMetadata: {
    promptTokenCount,
    candidatesTokenCount,
    totalTokenCount: promptTokenCount + candidatesTokenCount,
  },
  modelVersion: model,
  responseId: "theirs",
});

/** A piece of an answer: words, and how the piece ends. */
export function piece(text: string, ending: object, usage = counts(10, 4)) {
  const content = { role: "model", parts: text === "" ? [] : [{ text }] };
  return { candidates: [{ content, ...ending, index: 0 }], ...usage };
}

/** The end of an answer. */
export const stops = { finishReason: "STOP" };

/** Lets promises that wait for nothing outside come to their end. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Plays a stream as the answer to the newest call. */
export function stream(upstream: FakeUpstream, ...frames: readonly object[]): void {
  upstream.startStream();
  upstream.frames(...frames);
  upstream.last.listener.ended();
}

/** Both that clients speak. */
export const dialects = [gemini, openaiChat].map((dialect) => ({ name: dialect.name, dialect }));

/** The words, the ends and the last usage that a client got in a stream. */
export function streamed(client: MemoryClient, { name }: Dialect) {
  const payloads = JSON.stringify(client.payloads);
  const words = name === "gemini" ? /"text":"([^"]*)"/g : /"content":"([^"]*)"/g;
  const ends = name === "gemini" ? /"finishReason":"([^"]*)"/g : /"finish_reason":"([^"]*)"/g;
  const tokens = name === "gemini" ? /"promptTokenCount":(\d+)/g : /"prompt_tokens":(\d+)/g;
  const all = (pattern: RegExp) => [...payloads.matchAll(pattern)].map(([, found]) => found);
  return { text: all(words).join(""), ends: all(ends), promptTokens: all(tokens).at(-1) };
}
