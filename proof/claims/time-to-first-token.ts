import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

/** The most that Signalbox may add to the first token, median, ms. Two peers add 27 and 43 (a timer, Nagle). */
const addedMsMedianMax = 3;

const model = "gemini-3.8-flash";

/** A model that takes always the same time: 20 ms to the first token, and tokens that come one by one behind it. */
const latency = {
  [model]: {
    firstTokenMsMedian: 20,
    firstTokenSigma: 0,
    tokensPerSecondMedian: 500,
    tokensPerSecondSigma: 0,
  },
};

/** Pairs before those that count: connections are opened and code is compiled by then. */
const warmUpPairs = 20;

/** A way to ask; both ask the same emulated model for the same answer. */
interface Way {
  readonly path: string;
  readonly body: object;
}

const prompt = "[[tokens=10]] [[frame-tokens=2]] [[thoughts=0]] Tell a story";

const gemini: Way = {
  path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
  body: { contents: [{ role: "user", parts: [{ text: prompt }] }] },
};

const openAi: Way = {
  path: "/v1/chat/completions",
  body: { model, stream: true, messages: [{ role: "user", content: prompt }] },
};

/**
 * The difference between a stream's first content through Signalbox and the same asked of the emulator itself, in pairs.
 * Client and Signalbox share one thread, so that the client's own work counts against Signalbox.
 */
export const claim: Claim = {
  id: "time-to-first-token",
  title: "Signalbox adds next to nothing to a stream's first token",
  wanted: `median below ${addedMsMedianMax} ms in both dialects (two peers: 27 and 43 ms)`,
  async run({ short }) {
    await using signalbox = await startProofSignalbox({ latency });
    const pairs = short ? 50 : 200;
    const same = await addedMs({ ...signalbox, way: gemini, pairs });
    const translated = await addedMs({ ...signalbox, way: openAi, pairs });
    return {
      ok: quantile(same, 0.5) < addedMsMedianMax && quantile(translated, 0.5) < addedMsMedianMax,
      figure: `Gemini passed: ${figureOf(same)}; OpenAI translated: ${figureOf(translated)}`,
      details: [
        `${pairs} pairs for each dialect, one after the other, direct and through Signalbox in turn; the emulator in a thread of its own answers after 20 ms`,
      ],
    };
  },
};

function figureOf(added: readonly number[]): string {
  return `median ${quantile(added, 0.5).toFixed(2)} ms, p95 ${quantile(added, 0.95).toFixed(2)} ms`;
}

/** The added time of each pair, ms, in rising order. The side that begins changes from pair to pair. */
async function addedMs(input: {
  readonly url: string;
  readonly emulator: { readonly url: string };
  readonly way: Way;
  readonly pairs: number;
}): Promise<readonly number[]> {
  const { url, emulator, way, pairs } = input;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const through = (): Promise<number> => firstTokenMs(agent, url, way);
  const direct = (): Promise<number> => firstTokenMs(agent, emulator.url, gemini);
  try {
    const added: number[] = [];
    for (let pair = 0; pair < warmUpPairs + pairs; pair++) {
      const early = pair % 2 === 0 ? await through() : await direct();
      const late = pair % 2 === 0 ? await direct() : await through();
      if (pair >= warmUpPairs) added.push(pair % 2 === 0 ? early - late : late - early);
    }
    return added.toSorted((a, b) => a - b);
  } finally {
    agent.destroy();
  }
}

/** From the call to the first bytes with content, ms. Reads the answer to its end, so that the connection is free again. */
async function firstTokenMs(agent: Agent, url: string, { path, body }: Way): Promise<number> {
  const startedMs = performance.now();
  const call = httpRequest(url + path, {
    agent,
    method: "POST",
    // The emulator wants a key of any kind, as the real API does; an open Signalbox takes none and looks at none.
    headers: { "content-type": "application/json", "x-goog-api-key": "any" },
  });
  call.end(JSON.stringify(body));
  const response = await responseOf(call);
  let text = "";
  let firstMs: number | undefined;
  for await (const chunk of response) {
    if (firstMs !== undefined) continue;
    text += String(chunk);
    if (hasContent(text)) firstMs = performance.now() - startedMs;
  }
  if (response.statusCode === 200 && firstMs !== undefined) return firstMs;
  throw new Error(`Cannot measure "${path}": a stream is wanted, got ${response.statusCode} and ${text}`);
}

function responseOf(call: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.once("response", resolve);
  call.once("error", reject);
  return promise;
}

/** Whether a stream, as far as it came, says something: the first frame of OpenAI's dialect may only name the role. */
function hasContent(text: string): boolean {
  return /"(?:text|content)": ?"[^"]/.test(text);
}

function quantile(rising: readonly number[], share: number): number {
  return rising[Math.min(rising.length - 1, Math.floor(rising.length * share))] ?? Number.NaN;
}
