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
export type ClientName = "openai" | "gemini";

/** Asks for an answer to a prompt. */
export async function ask(
  url: string,
  { client, model, prompt, stream }: { client: ClientName; model: string; prompt: string; stream: boolean },
): Promise<SeenAnswer> {
  const gemini = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  const path = client === "openai" ? "/v1/chat/completions" : `/v1beta/models/${model}:${gemini}`;
  const body =
    client === "openai"
      ? { model, stream, messages: [{ role: "user", content: prompt }] }
      : { contents: [{ role: "user", parts: [{ text: prompt }] }] };
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { received, broken } = await readAll(response);
  const streamed = (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
  const payloads = streamed ? framesOf(received) : [received];
  const values = payloads.filter((payload) => payload !== "[DONE]").map((payload) => JSON.parse(payload));
  const seen = values.map(client === "openai" ? openAiWords : geminiWords);
  return {
    status: response.status,
    headers: response.headers,
    text: seen.map(({ text }) => text).join(""),
    finishReason: seen.findLast(({ finish }) => finish !== undefined)?.finish,
    error: values.find((value) => value.error)?.error.message,
    broken,
    endMark: payloads.includes("[DONE]"),
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
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => frame.slice("data: ".length));
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
