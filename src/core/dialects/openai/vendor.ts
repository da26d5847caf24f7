import type { OpaquePart } from "#core/llm/message.ts";

/** Where foreign content is kept in an answer: under the vendor's name in `extra_content`. */
export function vendorOf(dialect: OpaquePart["dialect"]): string {
  return dialect === "gemini" ? "google" : "openai";
}
