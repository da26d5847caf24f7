import type { Emulator } from "../../emulator/start-emulator.ts";
import type { Timers } from "../../emulator/timers.ts";

/** What one raw request got. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that was received. */
  readonly text: string;
  /** Whether the response ended properly. */
  readonly isWhole: boolean;
}

/** A moment, epoch ms, at which every model of the emulator is served; generation 2.5 ends on 2026-12-01. */
export const servedAtMs = Date.parse("2026-11-25T12:00:00Z");

/** The ways a prompt is sent in these tests. */
export const geminiStream = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
export const geminiWhole = "/v1beta/models/gemini-2.5-flash:generateContent";
export const openAiChat = "/v1/chat/completions";

/** Sends a prompt as raw HTTP and reads the answer to its end or to its breaking off. Rejects without a response. */
export async function sendPrompt(
  emulator: Emulator,
  path: string,
  text: string,
  key = "test",
): Promise<Seen> {
  const isOpenAi = path === openAiChat;
  const body = isOpenAi
    ? { model: "open-large", messages: [{ role: "user", content: text }], stream: true }
    : { contents: [{ role: "user", parts: [{ text }] }] };
  const headers: Record<string, string> = isOpenAi
    ? { authorization: `Bearer ${key}` }
    : { "x-goog-api-key": key };
  const response = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, ...(await readText(response)) };
}

async function readText(response: Response): Promise<Pick<Seen, "text" | "isWhole">> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, isWhole: true };
  } catch {
    // The connection broke off, which is what some of these tests are about.
    return { text, isWhole: false };
  }
}

/** The data of each server-sent event, parsed where it is JSON. */
export function events(text: string): unknown[] {
  return text
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trim())
        .join("\n"),
    )
    .filter((data) => data !== "")
    .map((data) => (data === "[DONE]" ? data : parsed(data)));
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // Some faults send frames that are no JSON; the test sees the text.
    return data;
  }
}

/** The text of a Gemini stream. */
export function geminiText(seen: Seen): string {
  const chunks = events(seen.text) as { candidates?: { content?: { parts: { text?: string }[] } }[] }[];
  return chunks
    .flatMap((chunk) => chunk.candidates?.[0]?.content?.parts.map((part) => part.text ?? "") ?? [])
    .join("");
}

/** Timers that do not wait, but keep what they were asked for. */
export function recordingTimers(): Timers & { readonly pausesMs: number[] } {
  const pausesMs: number[] = [];
  return {
    pausesMs,
    sleep(ms) {
      pausesMs.push(Math.round(ms));
      return Promise.resolve();
    },
  };
}

/** Timers that wait until the client leaves, and say when a wait has begun. */
export function endlessTimers(): Timers & { readonly begun: Promise<void> } {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  return {
    begun,
    sleep(_ms, signal) {
      resolve();
      return new Promise((done) => {
        if (signal.aborted) done();
        else signal.addEventListener("abort", () => done(), { once: true });
      });
    },
  };
}
