import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Claim } from "../claim.ts";
import { startProofSignalbox, type ProofSignalbox } from "../proof-signalbox.ts";

/** The longest that a provider may work for a client that is gone, ms (invariant 8). */
const abortMsMax = 100;
/** A call has reached the provider by then, ms; measured in milliseconds, with room for a busy machine. */
const underWayMs = 50;

/** Invariant 8, measured: from the moment the client's socket is destroyed to the moment the upstream's closes. */
export const claim: Claim = {
  id: "disconnect",
  title: "A client that goes away cancels its upstream call",
  wanted: `within ${abortMsMax} ms, every time, streams and whole answers, both dialects`,
  async run({ short }) {
    await using signalbox = await startProofSignalbox();
    const times = short ? 10 : 100;
    const delays: number[] = [];
    for (const kind of ["stream", "whole"] as const) {
      for (let at = 0; at < times; at++) delays.push(await abortDelayMs(signalbox, { kind, at }));
    }
    const within = delays.filter((delayMs) => delayMs <= abortMsMax).length;
    const sorted = delays.toSorted((a, b) => a - b);
    return {
      ok: within === delays.length,
      figure: `${within} of ${delays.length}; median ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(1)} ms`,
    };
  },
};

/** Starts a request that hangs in the middle, leaves, and tells how much later the emulator saw that. */
async function abortDelayMs(
  signalbox: ProofSignalbox,
  { kind, at }: { readonly kind: "stream" | "whole"; readonly at: number },
): Promise<number> {
  await signalbox.emulator.clearLedger();
  const gemini = at % 2 === 0;
  const { call, response } = begin(signalbox.url, { kind, gemini });
  if (kind === "stream") await firstBytes(await response);
  // A whole answer sends nothing before it is complete, and the ledger has it only when it is over: the upstream call
  // is under way a moment after ours.
  else await wait(underWayMs);
  const leftAtMs = performance.timeOrigin + performance.now();
  call.destroy();
  for (let tries = 0; tries < 1_000; tries++) {
    const [row] = await signalbox.emulator.ledger({ outcome: "aborted" });
    if (row?.abortedAtMs) return row.abortedAtMs - leftAtMs;
    await wait(2);
  }
  return Number.POSITIVE_INFINITY;
}

function begin(
  url: string,
  { kind, gemini }: { readonly kind: "stream" | "whole"; readonly gemini: boolean },
): { readonly call: ClientRequest; readonly response: Promise<IncomingMessage> } {
  const model = "gemini-3.8-flash";
  const text =
    kind === "stream" ? "[[fault:stall-after-tokens=20]] Tell a story" : "[[stall-ms=60000]] Tell a story";
  const action = kind === "stream" ? "streamGenerateContent?alt=sse" : "generateContent";
  const path = gemini ? `/v1beta/models/${model}:${action}` : "/v1/chat/completions";
  const body = gemini
    ? { contents: [{ role: "user", parts: [{ text }] }] }
    : { model, stream: kind === "stream", messages: [{ role: "user", content: text }] };
  const call = httpRequest(url + path, { method: "POST", headers: { "content-type": "application/json" } });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    call.once("response", resolve);
    call.once("error", reject);
  });
  // Our own leaving is an error to node:http, not to us.
  response.catch(() => undefined);
  call.end(JSON.stringify(body));
  return { call, response };
}

function firstBytes(response: IncomingMessage): Promise<unknown> {
  response.on("error", () => undefined);
  return new Promise((resolve) => response.once("data", resolve));
}
