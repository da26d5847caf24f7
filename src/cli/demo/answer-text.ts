import { z } from "zod";

const openAiAnswer = z.object({
  choices: z.array(
    z.object({
      message: z.object({ content: z.string().nullish() }).optional(),
      delta: z.object({ content: z.string().nullish() }).optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

const geminiAnswer = z.object({
  candidates: z.array(
    z.object({
      content: z.object({ parts: z.array(z.object({ text: z.string().optional() })).optional() }).optional(),
      finishReason: z.string().optional(),
    }),
  ),
});

/** The text of an answer, read as strictly as a client would; `undefined` when it is not whole (no finish reason). */
export function answerText(
  body: string,
  options: { readonly dialect: "openai-chat" | "gemini"; readonly stream: boolean },
): string | undefined {
  const pieces = options.stream ? eventPayloads(body) : [body];
  const read = options.dialect === "gemini" ? geminiPiece : openAiPiece;
  let text = "";
  let finished = false;
  for (const piece of pieces) {
    const part = read(JSON.parse(piece));
    if (!part) return undefined;
    text += part.text;
    finished ||= part.finished;
  }
  return finished ? text : undefined;
}

interface Piece {
  readonly text: string;
  readonly finished: boolean;
}

function openAiPiece(json: unknown): Piece | undefined {
  const parsed = openAiAnswer.safeParse(json);
  if (!parsed.success) return undefined;
  const [choice] = parsed.data.choices;
  const text = choice?.message?.content ?? choice?.delta?.content ?? "";
  return { text, finished: typeof choice?.finish_reason === "string" };
}

function geminiPiece(json: unknown): Piece | undefined {
  const parsed = geminiAnswer.safeParse(json);
  if (!parsed.success) return undefined;
  const [candidate] = parsed.data.candidates;
  const text = (candidate?.content?.parts ?? []).map((part) => part.text ?? "").join("");
  return { text, finished: candidate?.finishReason !== undefined };
}

function eventPayloads(body: string): readonly string[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).trim())
    .filter((payload) => payload !== "[DONE]");
}
