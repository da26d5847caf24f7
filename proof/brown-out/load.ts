import { setTimeout as wait } from "node:timers/promises";
import { Agent, request } from "undici";

/** One request of the load, as its client saw it. */
export interface LoadSample {
  /** When it was sent, ms since the load began. */
  readonly sentMs: number;
  readonly stream: boolean;
  /** To the first content of a stream, to the whole of a whole answer, ms; absent where neither came. */
  readonly contentMs?: number;
  /** Whether the answer came whole. */
  readonly ok: boolean;
  /** The deployment that answered. */
  readonly deployment?: string;
  /** What went wrong, for a person. */
  readonly problem?: string;
}

/** Longest time that a client waits, ms. */
const clientMsMax = 15_000;

/**
 * Sends requests at a steady rate until told to stop, whether or not those before them were answered (so that a slow
 * deployment slows nobody's sending), every second one as a stream.
 */
export async function sendLoad(input: {
  readonly url: string;
  readonly model: string;
  readonly perSecond: number;
  readonly lastsMs: number;
}): Promise<readonly LoadSample[]> {
  const { perSecond, lastsMs } = input;
  const agent = new Agent({ connections: 256 });
  const startedMs = performance.now();
  const sent: Promise<LoadSample>[] = [];
  for (let at = 0; ; at++) {
    const dueMs = (at * 1000) / perSecond;
    if (dueMs >= lastsMs) break;
    const earlyMs = dueMs - (performance.now() - startedMs);
    if (earlyMs > 0) await wait(earlyMs);
    sent.push(send(agent, { ...input, stream: at % 2 === 0, startedMs }));
  }
  const samples = await Promise.all(sent);
  await agent.close();
  return samples;
}

async function send(
  agent: Agent,
  order: {
    readonly url: string;
    readonly model: string;
    readonly stream: boolean;
    readonly startedMs: number;
  },
): Promise<LoadSample> {
  const { stream } = order;
  const sentAtMs = performance.now();
  const sentMs = sentAtMs - order.startedMs;
  try {
    const { statusCode, headers, body } = await request(`${order.url}/v1/chat/completions`, {
      dispatcher: agent,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: order.model,
        ...(stream && { stream: true }),
        messages: [{ role: "user", content: "How do the signals stand?" }],
      }),
      signal: AbortSignal.timeout(clientMsMax),
    });
    let text = "";
    let contentMs: number | undefined;
    for await (const chunk of body.setEncoding("utf8")) {
      text += String(chunk);
      if (contentMs === undefined && text.includes('"content":"All'))
        contentMs = performance.now() - sentAtMs;
    }
    const ok =
      statusCode === 200 && text.includes('"finish_reason":"stop"') && (!stream || text.includes("[DONE]"));
    const deployment = String(headers["x-signalbox-deployment"] ?? "");
    return {
      sentMs,
      stream,
      ok,
      deployment,
      ...(contentMs !== undefined && { contentMs }),
      ...(!ok && { problem: `${statusCode}: ${text.slice(0, 200)}` }),
    };
  } catch (error) {
    // The load goes on whatever becomes of one request; what became of it is counted.
    return { sentMs, stream, ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
