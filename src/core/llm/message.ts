import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/** One turn of a conversation. A `tool` message holds tool results only. */
export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly parts: readonly Part[];
  /** The participant's name (OpenAI `name`). */
  readonly name?: string;
  readonly extra?: Extra;
}

/** A piece of a message. */
export type Part =
  | TextPart
  | ThinkingPart
  | MediaPart
  | ToolCallPart
  | ToolResultPart
  | RefusalPart
  | OpaquePart;

/** Words. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
  readonly thoughtSignature?: string;
  readonly extra?: Extra;
}

/** What the model thought before it answered. */
export interface ThinkingPart {
  readonly type: "thinking";
  readonly text: string;
  readonly thoughtSignature?: string;
  readonly extra?: Extra;
}

/** An image, sound, film or document. */
export interface MediaPart {
  readonly type: "media";
  readonly kind: MediaKind;
  /** IANA media type; absent when a URL came without one. */
  readonly mimeType?: string;
  readonly source:
    | { readonly type: "inline"; readonly base64: string }
    | { readonly type: "url"; readonly url: string }
    /** An id of a file kept at the provider (OpenAI `file_id`). */
    | { readonly type: "file"; readonly id: string };
  /** How closely to look: OpenAI `detail`. */
  readonly detail?: string;
  readonly filename?: string;
  readonly thoughtSignature?: string;
  readonly extra?: Extra;
}

/** What a media part is, from its media type. */
export type MediaKind = "image" | "audio" | "video" | "document";

/** The model's wish to call a tool. */
export interface ToolCallPart {
  readonly type: "tool-call";
  /** Absent where the provider gave none (Gemini). */
  readonly id?: string;
  readonly name: string;
  /** The arguments as JSON text, kept as the model wrote it. */
  readonly argumentsJson: string;
  /** Proof of the thought behind the call; must come back unchanged in a field of its own. */
  readonly thoughtSignature?: string;
  readonly extra?: Extra;
}

/** What a tool answered. */
export interface ToolResultPart {
  readonly type: "tool-result";
  /** The id of the call it answers, where the client named one. */
  readonly callId?: string;
  /** The tool's name, where the client named it (Gemini always, OpenAI never). */
  readonly name?: string;
  readonly content: Json;
  readonly extra?: Extra;
}

/** The model declined in a field of its own (OpenAI `refusal`). */
export interface RefusalPart {
  readonly type: "refusal";
  readonly text: string;
}

/** A part that only one dialect has (Gemini `executableCode`, ...), kept as it came. */
export interface OpaquePart {
  readonly type: "opaque";
  readonly dialect: DialectName;
  /** The part's kind in that dialect, for warnings. */
  readonly name: string;
  readonly value: Json;
}
