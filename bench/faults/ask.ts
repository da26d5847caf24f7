import { Agent, request } from "undici";
import { readAnswer, type Seen } from "./read-answer.ts";
import { cellMarker } from "./upstream/faulty-upstream.ts";

/** Where a gateway is asked. */
export interface Gateway {
  /** Where OpenAI's paths begin, e.g. `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string;
  readonly key: string | undefined;
}

/** Most of an answer that is kept, characters: enough to see what it was. */
const keptLengthMax = 4 * 1024 * 1024;

/** Connections are not kept: one that a fault broke must not spoil the next cell. */
const agent = new Agent({ pipelining: 0, bodyTimeout: 0, headersTimeout: 0 });

/**
 * Asks one question as an OpenAI client does, and tells what came back, however bad.
 * @throws Error when there is no gateway
 */
export async function ask(
  gateway: Gateway,
  question: {
    readonly cell: string;
    readonly model: string;
    readonly stream: boolean;
    /** What takes longer hangs, ms. */
    readonly hangMs: number;
  },
): Promise<Seen> {
  const startedMs = performance.now();
  const hung = AbortSignal.timeout(question.hangMs);
  const answer: { status?: number; headers: Record<string, string>; text: string } = {
    headers: {},
    text: "",
  };
  let ended: Seen["ended"] = "properly";
  try {
    const { statusCode, headers, body } = await request(`${gateway.baseUrl}/chat/completions`, {
      dispatcher: agent,
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(gateway.key !== undefined && { authorization: `Bearer ${gateway.key}` }),
      },
      body: JSON.stringify({
        model: question.model,
        ...(question.stream && { stream: true }),
        messages: [{ role: "user", content: `${cellMarker(question.cell)} Say the line.` }],
      }),
      signal: hung,
    });
    answer.status = statusCode;
    answer.headers = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    );
    body.setEncoding("utf8");
    for await (const piece of body) if (answer.text.length < keptLengthMax) answer.text += String(piece);
  } catch (error) {
    if (isNobodyThere(error))
      throw new Error(`Cannot ask "${gateway.baseUrl}": nobody listens there`, { cause: error });
    // What a fault of the gateway is to its client is what is measured here.
    ended = hung.aborted ? "never" : "broken";
  }
  return { ...readAnswer(answer, question.stream), ended, tookMs: performance.now() - startedMs };
}

function isNobodyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}
