import { hash } from "node:crypto";
import { hasCode } from "./code.ts";
import { languageOf } from "./language.ts";
import { hasMaths } from "./maths.ts";
import { questionOf, type QuestionType } from "./question.ts";
import { wordsOf } from "./words.ts";

/** What a request's words look like. Guesses by plain rules: good enough to route by, and each can be looked up by a person. */
export interface Characteristics {
  /** Whether the newest message has source code in it, or asks for some. */
  readonly code: boolean;
  /** Whether it asks for a calculation or a proof. */
  readonly maths: boolean;
  /** Its language, ISO 639-1; undefined where too little of it is known. */
  readonly language: string | undefined;
  readonly question: QuestionType;
  /** Its words, as many as were looked at. */
  readonly words: number;
  /** The first 12 hexadecimal digits of the SHA-256 of the system prompt; undefined without one. */
  readonly systemPrompt: string | undefined;
}

/** Characters of a longer message that are looked at: most say what they want at the beginning, others at the end. */
const beginLength = 1_024;
const endLength = 256;
/** Hexadecimal digits that tell one application's system prompts apart. */
const hashLength = 12;

/**
 * The characteristics of a conversation.
 * @param message the beginning of the user's newest message; of more than 1,280 characters its two ends are looked at
 * @param systemPrompt the system instructions, whole
 */
export function characteristicsOfText(message: string, systemPrompt: string): Characteristics {
  const looked = lookedAt(message);
  const text = looked.toLowerCase();
  const words = wordsOf(text);
  const code = hasCode(looked, text, words);
  const maths = hasMaths(text, words);
  return {
    code,
    maths,
    language: languageOf(text, words),
    question: questionOf(text, words),
    words: words.length,
    systemPrompt: systemPrompt === "" ? undefined : hash("sha256", systemPrompt, "hex").slice(0, hashLength),
  };
}

function lookedAt(message: string): string {
  if (message.length <= beginLength + endLength) return message;
  return `${message.slice(0, beginLength)}\n${message.slice(-endLength)}`;
}
