import { request } from "undici";
import { mapConcurrently } from "./map-concurrently.ts";

/** Requests under way at once. */
const concurrency = 32;

/** One request of the mixture. */
export interface MixedRequest {
  readonly dialect: "gemini" | "openai-chat";
  readonly stream: boolean;
  readonly model: string;
  readonly prompt: string;
  /** Whether the client leaves when the first bytes have come. */
  readonly leaves: boolean;
}

const models = ["mixed", "mixed", "gemini-3.5-flash-lite", "gemini-4-argon", "qwen3-32b"];

/** A refusal keeps a whole quota from being asked: each is met at a provider of its own, and nowhere else. */
const refusal = "429-minute";

/** What goes wrong at the provider: on one request in three, and with most of them on its first attempt only. */
const faults = [
  refusal,
  "500",
  "503",
  "504",
  "html-502",
  "400",
  "reset",
  "cut-after-tokens=6",
  "end-after-tokens=6",
  "no-finish-reason",
  "malformed-frame=4",
  "error-frame=4",
  "empty-answer",
  "html-200",
  "comments",
  "slow-drip",
];

/** The names that the first `count` requests of the mixture ask for alone. */
export function loneModels(count: number): readonly string[] {
  const models = Array.from({ length: count }, (_, number) => mixedRequest(number).model);
  return models.filter((model) => model.startsWith(lonePrefix));
}

const lonePrefix = "refused-";

/**
 * A mixture of requests: both dialects, streams and whole answers, a route with fallbacks, models by name and a model
 * of another dialect; answers that Gemini 4 gives in pieces; prompts of many lengths, half of them beginning alike (so that
 * some are cached); faults, and clients that leave. The same for the same number.
 */
export function mixedRequest(number: number): MixedRequest {
  const fault = number % 3 === 0 ? faults[Math.floor(number / 3) % faults.length] : undefined;
  const opening = number % 2 === 0 ? "You are the assistant of a railway museum. ".repeat(110) : "";
  return {
    dialect: number % 4 < 2 ? "openai-chat" : "gemini",
    stream: number % 5 < 3,
    model: fault === refusal ? `${lonePrefix}${number}` : (models[number % models.length] ?? "mixed"),
    prompt: [
      opening,
      `Request ${number}: `,
      "tell me about signal boxes, ".repeat((number * 7) % 61),
      `[[tokens=${12 + (number % 40)}]] `,
      number % 7 === 0 ? "[[continue-at=9]] " : "",
      fault === undefined ? "" : `[[fault:${fault}${onlyFor(fault, number)}]]`,
    ].join(""),
    leaves: number % 53 === 0,
  };
}

/** Half of the faults strike a prompt's first call of each model only; a refusal only the model at a provider of its own. */
function onlyFor(fault: string, number: number): string {
  if (fault === refusal) return " model=gemini-3.8-flash";
  return number % 2 === 0 ? " times=1" : "";
}

/** Sends the first `count` requests of the mixture; nothing that happens to one of them stops the others. */
export async function sendMixture(url: string, count: number): Promise<void> {
  await mapConcurrently(count, concurrency, (number) => send(url, mixedRequest(number)));
}

async function send(url: string, asked: MixedRequest): Promise<void> {
  const leaving = new AbortController();
  try {
    const { body } = await request(url + pathOf(asked), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(bodyOf(asked)),
      signal: leaving.signal,
    });
    for await (const _ of body) if (asked.leaves) leaving.abort();
  } catch {
    // A client that leaves, and an answer that is broken off, end in an error here: what became of the request is read
    // from the log and from the ledger.
  }
}

function pathOf({ dialect, model, stream }: MixedRequest): string {
  if (dialect === "openai-chat") return "/v1/chat/completions";
  return `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`;
}

function bodyOf({ dialect, model, stream, prompt }: MixedRequest): object {
  return dialect === "openai-chat"
    ? {
        model,
        stream,
        messages: [{ role: "user", content: prompt }],
        ...(stream && { stream_options: { include_usage: true } }),
      }
    : { contents: [{ role: "user", parts: [{ text: prompt }] }] };
}
