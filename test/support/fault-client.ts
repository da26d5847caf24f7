/** What a client of a dialect makes of an answer, however it ends. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The words of the answer, in order. */
  readonly text: string;
  readonly finishReason: string | undefined;
  /** The message of an error, in the body or in a frame of the stream. */
  readonly error: string | undefined;
  /** Whether the connection was broken before the answer's proper end. */
  readonly broken: boolean;
  /** Whether the end mark of the dialect's streams came. */
  readonly endMark: boolean;
}

/** The dialects a client may speak. */
export type ClientName = "openai" | "gemini" | "anthropic";

/** Asks for an answer to a prompt. */
export async function ask(
  url: string,
  { client, model, prompt, stream }: { client: ClientName; model: string; prompt: string; stream: boolean },
): Promise<SeenAnswer> {
  const { path, body } = requests[client]({ model, prompt, stream });
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { received, broken } = await readAll(response);
  const streamed = (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
  const payloads = streamed ? framesOf(received) : [received];
  const values = payloads.filter((payload) => payload !== "[DONE]").map((payload) => JSON.parse(payload));
  const seen = values.map(wordsOf[client]);
  return {
    status: response.status,
    headers: response.headers,
    text: seen.map(({ text }) => text).join(""),
    finishReason: seen.findLast(({ finish }) => finish !== undefined)?.finish,
    error: values.find((value) => value.error)?.error.message,
    broken,
    endMark: payloads.includes("[DONE]") || values.some(({ type }) => type === "message_stop"),
  };
}

async function readAll(response: Response): Promise<{ received: string; broken: boolean }> {
  const decoder = new TextDecoder();
  let received = "";
  try {
    for await (const chunk of response.body ?? []) received += decoder.decode(chunk, { stream: true });
  } catch {
    return { received, broken: true };
  }
  return { received, broken: false };
}

/** The payloads of complete frames; a frame that was begun only would be a fault of ours and fails to parse. */
function framesOf(received: string): readonly string[] {
  return received
    .split(/\r?\n\r?\n/)
    .map((frame) => /^(?:event: \w+\n)?data: (.*)$/.exec(frame)?.[1])
    .filter((payload) => payload !== undefined);
}

interface Words {
  readonly text: string;
  readonly finish: string | undefined;
}

/** What is read of OpenAI's answers, whole or in pieces. */
function openAiWords(value: {
  choices?: {
    delta?: { content?: string | null };
    message?: { content?: string | null };
    finish_reason?: string | null;
  }[];
}): Words {
  const choice = value.choices?.[0];
  return {
    text: choice?.delta?.content ?? choice?.message?.content ?? "",
    finish: choice?.finish_reason ?? undefined,
  };
}

/** What is read of Gemini's answers, whole or in pieces. */
function geminiWords(value: {
  candidates?: {
    content?: { parts?: { text?: string; thought?: boolean }[] };
    finishReason?: string;
  }[];
}): Words {
  const candidate = value.candidates?.[0];
  const words = (candidate?.content?.parts ?? []).filter((part) => part.thought !== true);
  return { text: words.map((part) => part.text ?? "").join(""), finish: candidate?.finishReason };
}

/** What is read of Anthropic's answers, whole or in events. */
function anthropicWords(value: {
  content?: { text?: string }[];
  stop_reason?: string | null;
  delta?: { text?: string; stop_reason?: string | null };
}): Words {
  const whole = (value.content ?? []).map(({ text }) => text ?? "").join("");
  return {
    text: value.delta?.text ?? whole,
    finish: value.delta?.stop_reason ?? value.stop_reason ?? undefined,
  };
}

const wordsOf = { openai: openAiWords, gemini: geminiWords, anthropic: anthropicWords } as const;

interface Asked {
  readonly model: string;
  readonly prompt: string;
  readonly stream: boolean;
}

interface Sent {
  readonly path: string;
  readonly body: object;
}

const requests: Readonly<Record<ClientName, (asked: Asked) => Sent>> = {
  openai: ({ model, prompt, stream }) => ({
    path: "/v1/chat/completions",
    body: { model, stream, messages: [{ role: "user", content: prompt }] },
  }),
  gemini: ({ model, prompt, stream }) => ({
    path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: { contents: [{ role: "user", parts: [{ text: prompt }] }] },
  }),
  anthropic: ({ model, prompt, stream }) => ({
    path: "/v1/messages",
    body: { model, stream, max_tokens: 4_096, messages: [{ role: "user", content: prompt }] },
  }),
};
