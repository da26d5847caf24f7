import { Agent } from "undici";
import { z } from "zod";
import { callControlPlane } from "#client/signalbox-client.ts";

/** What a run found. */
export interface ReloadRun {
  readonly requests: number;
  /** Streams that did not come whole: each with what was wrong. */
  readonly failures: readonly string[];
  /** Requests whose decision names a version that was not in force while they ran. */
  readonly strangers: readonly string[];
  /** Requests during which another version came into force. */
  readonly acrossReload: number;
  readonly versionsApplied: number;
  /** Versions that at least one request was decided on. */
  readonly versionsUsed: number;
}

/** What is run against. */
export interface ReloadTarget {
  readonly url: string;
  readonly clients: number;
  readonly applies: number;
  /** The configuration of that number; each differs from the one before. */
  readonly configuration: (number: number) => string;
}

/** Requests that end between one apply and the next: each version decides some. */
const requestsBetween = 24;
/** Longest wait for them, ms. */
const betweenMsMax = 60_000;

/** One streamed request, as its client saw it. Times are of one clock, ms. */
interface Seen {
  readonly requestId: string;
  readonly sentMs: number;
  readonly endedMs: number;
  /** What is wrong with the answer; undefined when it came whole. */
  readonly failure?: string;
}

/** When a version was in force at most: from when it was sent until the next one's answer was there. */
interface Window {
  readonly version: string;
  readonly fromMs: number;
  toMs: number;
}

/** Streams over many connections while the configuration is applied again and again; then asks what each was decided on. */
export async function reloadRun(target: ReloadTarget): Promise<ReloadRun> {
  const streams = new Streams(target.url, target.clients);
  const first = await inForce(target.url);
  const windows: Window[] = [{ version: first, fromMs: 0, toMs: Infinity }];
  try {
    for (let number = 1; number <= target.applies; number++) {
      await streams.more(requestsBetween);
      const sentMs = performance.now();
      const version = await apply(target.url, target.configuration(number));
      const last = windows.at(-1);
      if (last) last.toMs = performance.now();
      windows.push({ version, fromMs: sentMs, toMs: Infinity });
    }
    await streams.more(requestsBetween);
  } finally {
    await streams.stop();
  }
  return judged(target, streams.seen, windows);
}

async function judged(
  { url, applies }: ReloadTarget,
  seen: readonly Seen[],
  windows: readonly Window[],
): Promise<ReloadRun> {
  const used = new Set<string>();
  const strangers: string[] = [];
  for (const { requestId, sentMs, endedMs } of seen.filter(({ failure }) => failure === undefined)) {
    const version = await decidedOn(url, requestId);
    used.add(version);
    const possible = windows.filter(({ fromMs, toMs }) => fromMs <= endedMs && sentMs <= toMs);
    if (!possible.some((window) => window.version === version)) strangers.push(`${requestId}: ${version}`);
  }
  return {
    requests: seen.length,
    failures: seen.flatMap(({ failure }) => failure ?? []),
    strangers,
    acrossReload: seen.filter(({ sentMs, endedMs }) =>
      windows.some(({ fromMs }) => fromMs > sentMs && fromMs < endedMs),
    ).length,
    versionsApplied: applies,
    versionsUsed: used.size,
  };
}

/** Clients that stream one request after the other until they are stopped. */
class Streams {
  readonly seen: Seen[] = [];
  readonly #url: string;
  readonly #agent = new Agent({ connections: null });
  readonly #running: Promise<unknown>;
  #stopped = false;
  #wanted: { readonly count: number; readonly reached: () => void } | undefined;

  constructor(url: string, clients: number) {
    this.#url = url;
    this.#running = Promise.all(Array.from({ length: clients }, (_, at) => this.#client(at)));
  }

  /** Resolves when so many more have ended. */
  async more(count: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`Too few streams ended in ${betweenMsMax} ms`)),
      betweenMsMax,
    );
    this.#wanted = { count: this.seen.length + count, reached: resolve };
    await promise.finally(() => clearTimeout(timer));
  }

  /** Lets the streams under way end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#agent.close();
  }

  async #client(at: number): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      this.seen.push(await this.#stream(`Client ${at}, turn ${turn}: name three rivers`));
      if (this.#wanted && this.seen.length >= this.#wanted.count) this.#wanted.reached();
    }
  }

  async #stream(content: string): Promise<Seen> {
    const sentMs = performance.now();
    let requestId = "";
    try {
      const { statusCode, headers, body } = await this.#agent.request({
        origin: this.#url,
        path: "/v1/chat/completions",
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "chat", stream: true, messages: [{ role: "user", content }] }),
      });
      requestId = String(headers["x-signalbox-request-id"]);
      const failure = problemOf(statusCode, await body.text());
      return { requestId, sentMs, endedMs: performance.now(), ...(failure !== undefined && { failure }) };
    } catch (error) {
      return { requestId, sentMs, endedMs: performance.now(), failure: `${requestId}: ${String(error)}` };
    }
  }
}

/** What is wrong with a stream of the OpenAI dialect; undefined when it has its beginning, its reason and its end. */
function problemOf(status: number, text: string): string | undefined {
  if (status !== 200) return `status ${status}: ${text.slice(0, 200)}`;
  if (!text.endsWith("data: [DONE]\n\n")) return `a stream that breaks off: ${text.slice(-200)}`;
  if (!/"finish_reason":"(stop|length)"/.test(text))
    return `a stream without its reason: ${text.slice(-200)}`;
  return undefined;
}

const configurationShape = z.object({ version: z.string() });
const appliedShape = z.object({ change: z.literal("applied"), version: z.object({ version: z.string() }) });
const requestShape = z.object({
  decision: z.object({ snapshot: z.object({ configuration: z.string() }) }),
});

async function inForce(url: string): Promise<string> {
  const { version } = await callControlPlane(
    { url, apiKey: undefined },
    { method: "GET", path: "/api/configuration" },
    configurationShape,
  );
  return version;
}

async function apply(url: string, text: string): Promise<string> {
  const { version } = await callControlPlane(
    { url, apiKey: undefined },
    { method: "POST", path: "/api/configuration/apply", body: { text } },
    appliedShape,
  );
  return version.version;
}

async function decidedOn(url: string, requestId: string): Promise<string> {
  const { decision } = await callControlPlane(
    { url, apiKey: undefined },
    { method: "GET", path: `/api/requests/${requestId}` },
    requestShape,
  );
  return decision.snapshot.configuration;
}

/** A configuration of the same route for each number: its shares, and every other time its variants and deployments, differ. */
export function reloadConfiguration(number: number): string {
  const share = 5 + (number % 90);
  const odd = number % 2 === 1;
  return `
version: 1
providers:
  google: { dialect: gemini, emulate: always }
  ${odd ? "second: { dialect: gemini, emulate: always }" : "third: { dialect: gemini, emulate: always }"}
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: ${odd ? "second" : "third"}, model: gemini-3.5-flash-lite }
variants:
  chat-flash: { pool: [flash], parameters: { max_output_tokens: ${200 + number} } }
  ${odd ? "chat-lite" : "chat-small"}: { pool: [lite] }
routes:
  chat: { strategy: { weighted: { chat-flash: ${share}%, ${odd ? "chat-lite" : "chat-small"}: ${100 - share}% } } }
`;
}

/** How long the emulated answers take: long enough that most streams are under way when a version comes into force. */
export const reloadLatency = Object.fromEntries(
  ["gemini-3.8-flash", "gemini-3.5-flash-lite"].map((model) => [
    model,
    {
      firstTokenMsMedian: 20,
      firstTokenSigma: 0.1,
      tokensPerSecondMedian: 1_000,
      tokensPerSecondSigma: 0.1,
    },
  ]),
);
