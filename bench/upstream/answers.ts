/** Content events of a stream. */
export const streamFrames = 20;

/** An upstream's answers in one dialect, as bytes that are made once. */
export interface Answers {
  /** Head and body of a whole answer. */
  readonly whole: Buffer;
  /** Head of a stream. */
  readonly streamHead: Buffer;
  /** Its content events, each as one HTTP chunk, and what ends it. */
  readonly frames: readonly Buffer[];
  readonly streamEnd: Buffer;
}

/** 800 characters: an answer of some 200 tokens. */
const answerText = 'The keeper wrote "all calm" and slept. '.repeat(21).slice(0, 800);
const usage = { prompt: 412, answer: 200 } as const;

/** The answers of OpenAI's chat completions. */
export function openAiAnswers(): Answers {
  const facts = { id: "chatcmpl-bench", created: 1_790_000_000, model: "bench-model" };
  const counts = {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.answer,
    total_tokens: usage.prompt + usage.answer,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
  const chunk = (delta: object, finish: string | null): object => ({
    ...facts,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  return answersOf({
    whole: {
      ...facts,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: answerText, refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: counts,
    },
    frames: pieces().map((content, at) =>
      chunk(at === 0 ? { role: "assistant", content } : { content }, null),
    ),
    end: [
      JSON.stringify(chunk({}, "stop")),
      JSON.stringify({ ...facts, object: "chat.completion.chunk", choices: [], usage: counts }),
      "[DONE]",
    ],
  });
}

/** The answers of Gemini's generateContent and streamGenerateContent. */
export function geminiAnswers(): Answers {
  return answersOf({
    whole: geminiAnswer(answerText, { finishReason: "STOP" }),
    frames: pieces().map((text) => geminiAnswer(text, {})),
    end: [JSON.stringify(geminiAnswer("", { finishReason: "STOP" }))],
  });
}

/** An answer, or one event of a streamed one: Gemini's are of the same form. */
function geminiAnswer(text: string, finish: object): object {
  return {
    candidates: [{ content: { parts: [{ text }], role: "model" }, ...finish, index: 0 }],
    usageMetadata: {
      promptTokenCount: usage.prompt,
      candidatesTokenCount: usage.answer,
      totalTokenCount: usage.prompt + usage.answer,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: usage.prompt }],
    },
    modelVersion: "gemini-3.8-flash",
    responseId: "bench-response",
  };
}

/** The answer's text in as many pieces as a stream has content events. */
function pieces(): readonly string[] {
  const length = answerText.length / streamFrames;
  return Array.from({ length: streamFrames }, (_, at) => answerText.slice(at * length, (at + 1) * length));
}

function answersOf(said: {
  readonly whole: object;
  readonly frames: readonly object[];
  readonly end: readonly string[];
}): Answers {
  const body = Buffer.from(JSON.stringify(said.whole));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const events = said.frames.map((frame) => httpChunk(event(JSON.stringify(frame))));
  return {
    whole: Buffer.concat([Buffer.from(head), body]),
    streamHead: Buffer.from(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
    ),
    frames: events,
    streamEnd: Buffer.concat([httpChunk(said.end.map(event).join("")), Buffer.from("0\r\n\r\n")]),
  };
}

function event(data: string): string {
  return `data: ${data}\n\n`;
}

function httpChunk(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}
