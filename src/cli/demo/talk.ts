import { request } from "undici";
import { answerText } from "#cli/demo/answer-text.ts";
import type { Conversation } from "#cli/demo/conversations.ts";

/** Which client to imitate. */
export type TalkDialect = "openai-chat" | "gemini";

/** How one turn went. */
export interface TurnResult {
  readonly conversation: string;
  readonly turn: number;
  readonly dialect: TalkDialect;
  readonly model: string;
  readonly status: number;
  /** From `x-signalbox-request-id`; empty when no answer came. */
  readonly requestId: string;
  /** Whether a whole answer came. */
  readonly ok: boolean;
  readonly durationMs: number;
}

/** How to talk to a running Signalbox. */
export interface TalkOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly dialect: TalkDialect;
  /** Route or model. */
  readonly model: string;
  readonly stream: boolean;
}

/** Longest wait for one answer, ms. */
const answerMsMax = 120_000;

/** Says each turn of a conversation in order, with the answers before it; stops at the first that fails. */
export async function talk(conversation: Conversation, options: TalkOptions): Promise<readonly TurnResult[]> {
  const said: { readonly role: "user" | "assistant"; readonly text: string }[] = [];
  const results: TurnResult[] = [];
  for (const [turn, text] of conversation.turns.entries()) {
    said.push({ role: "user", text });
    const { answer, ...result } = await say(said, options);
    results.push({
      conversation: conversation.id,
      turn,
      dialect: options.dialect,
      model: options.model,
      ...result,
    });
    if (answer === undefined) return results;
    said.push({ role: "assistant", text: answer });
  }
  return results;
}

type Said = readonly { readonly role: "user" | "assistant"; readonly text: string }[];

interface Answer extends Pick<TurnResult, "status" | "requestId" | "ok" | "durationMs"> {
  readonly answer: string | undefined;
}

async function say(said: Said, options: TalkOptions): Promise<Answer> {
  const startedMs = performance.now();
  const { status, requestId, text } = await post(said, options);
  const answer = status === 200 ? answerText(text, options) : undefined;
  return { answer, ok: answer !== undefined, status, requestId, durationMs: performance.now() - startedMs };
}

/** Sends a turn. A connection that fails is a lost turn with the status 0, which the caller counts. */
async function post(
  said: Said,
  options: TalkOptions,
): Promise<Pick<TurnResult, "status" | "requestId"> & { readonly text: string }> {
  const { path, body } = options.dialect === "gemini" ? geminiCall(said, options) : openAiCall(said, options);
  try {
    const response = await request(options.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...credential(options) },
      body: JSON.stringify(body),
      headersTimeout: answerMsMax,
      bodyTimeout: answerMsMax,
    });
    const requestId = response.headers["x-signalbox-request-id"];
    const text = await response.body.text();
    return { status: response.statusCode, requestId: typeof requestId === "string" ? requestId : "", text };
  } catch {
    return { status: 0, requestId: "", text: "" };
  }
}

function openAiCall(said: Said, { model, stream }: TalkOptions) {
  const messages = said.map(({ role, text }) => ({ role, content: text }));
  return { path: "/v1/chat/completions", body: { model, messages, stream } };
}

function geminiCall(said: Said, { model, stream }: TalkOptions) {
  const contents = said.map(({ role, text }) => ({
    role: role === "user" ? "user" : "model",
    parts: [{ text }],
  }));
  const action = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  return { path: `/v1beta/models/${encodeURIComponent(model)}:${action}`, body: { contents } };
}

function credential({ dialect, apiKey }: TalkOptions): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  return dialect === "gemini" ? { "x-goog-api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
}
