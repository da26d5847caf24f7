/** Sizes of the bodies that are measured. */
export const bodySizes = ["2KB", "400KB", "8MB"] as const;

/** One of them. */
export type BodySize = (typeof bodySizes)[number];

/** What a body is to say. */
export interface RequestShape {
  readonly dialect: "openai-chat" | "gemini";
  readonly size: BodySize;
  /** In OpenAI's dialect the body says whether a stream is wanted, in Gemini's the path. */
  readonly stream: boolean;
  /** In OpenAI's dialect the body names the model. */
  readonly model: string;
}

/** A prompt in no dialect: what was said so far, and an image to it where there is one. */
interface Prompt {
  readonly turns: readonly string[];
  readonly imageBase64?: string;
}

/** Line ends and quotes, which JSON escapes, and letters of two bytes, as prompts have them. */
const sentence =
  'The lighthouse keeper wrote "all calm" in the log at dusk, climbed 199 steps,\nand lit the lamp — très lentement. ';

const kibibyte = 1024;

/**
 * 2 KB is a short question with its instructions; 400 KB a conversation of forty long turns, some 100,000 tokens;
 * 8 MB a photograph in base64 beside one sentence.
 */
function promptOf(size: BodySize): Prompt {
  switch (size) {
    case "2KB":
      return { turns: [text(1_700)] };
    case "400KB":
      return { turns: Array.from({ length: 40 }, () => text(9.6 * kibibyte)) };
    case "8MB":
      return { turns: ["What is this?"], imageBase64: noise(6 * kibibyte * kibibyte) };
  }
}

/** The body of a chat request, as UTF-8. */
export function requestBody(shape: RequestShape): Buffer {
  const prompt = promptOf(shape.size);
  const body = shape.dialect === "gemini" ? geminiBody(prompt) : openAiBody(prompt, shape);
  return Buffer.from(JSON.stringify(body), "utf8");
}

function openAiBody({ turns, imageBase64 }: Prompt, { model, stream }: RequestShape): object {
  const messages: object[] = turns.map((content, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content,
  }));
  if (imageBase64 !== undefined) {
    const url = `data:image/png;base64,${imageBase64}`;
    messages.push({ role: "user", content: [{ type: "image_url", image_url: { url } }] });
  }
  // An honest last turn is the user's.
  if (turns.length > 1) messages.push({ role: "user", content: "And then?" });
  return {
    model,
    messages: [{ role: "system", content: "Answer in the manner of a sea captain." }, ...messages],
    temperature: 0.7,
    max_tokens: 400,
    ...(stream && { stream: true }),
  };
}

function geminiBody({ turns, imageBase64 }: Prompt): object {
  const contents: object[] = turns.map((text, at) => ({
    role: at % 2 === 0 ? "user" : "model",
    parts: [{ text }],
  }));
  if (imageBase64 !== undefined) {
    contents.push({ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: imageBase64 } }] });
  }
  if (turns.length > 1) contents.push({ role: "user", parts: [{ text: "And then?" }] });
  return {
    systemInstruction: { parts: [{ text: "Answer in the manner of a sea captain." }] },
    contents,
    generationConfig: { temperature: 0.7, maxOutputTokens: 400 },
  };
}

function text(length: number): string {
  return sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
}

/** Bytes without any order, as an image's are, the same in every run; in base64. */
function noise(bytes: number): string {
  const noisy = Buffer.alloc(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 4) {
    // Xorshift, Marsaglia 2003, Journal of Statistical Software 8(14): 13, 17, 5.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noisy.writeInt32LE(state, at);
  }
  return noisy.toString("base64");
}
