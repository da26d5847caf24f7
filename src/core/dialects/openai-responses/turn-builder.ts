import type { Extra } from "#core/llm/extra.ts";
import type { MediaPart, Message, Part, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";
import type { Item } from "./decode-item.ts";
import type { PlacedSignature } from "./signature.ts";

/**
 * Puts items together as turns: what the model thought, said and called in one go is several items here and one turn in
 * other dialects, and so are the results of calls that it made together.
 */
export class TurnBuilder {
  readonly #messages: Message[] = [];
  #model: ModelTurn | undefined;
  #results: ToolResultPart[] = [];
  /** Files of these results. */
  #media: MediaPart[] = [];

  /** Takes the next item. */
  add(item: Item): void {
    if (item.type === "result") {
      this.#endModel();
      this.#results.push(item.part);
      this.#media.push(...item.media);
      return;
    }
    this.#endResults();
    if (item.type === "message") {
      this.#endModel();
      this.#messages.push(item.message);
    } else (this.#model ??= new ModelTurn()).add(item);
  }

  /** All turns. */
  finished(): readonly Message[] {
    this.#endModel();
    this.#endResults();
    return this.#messages;
  }

  #endModel(): void {
    const message = this.#model?.message();
    if (message) this.#messages.push(message);
    this.#model = undefined;
  }

  #endResults(): void {
    if (this.#results.length > 0) this.#messages.push({ role: "tool", parts: this.#results });
    if (this.#media.length > 0) this.#messages.push({ role: "user", parts: this.#media });
    this.#results = [];
    this.#media = [];
  }
}

/** One turn of the model, with the signatures where they belong. */
class ModelTurn {
  readonly #parts: Part[] = [];
  #extra: Extra | undefined;
  /** Signatures whose part is still to come. */
  #ofNextText: string | undefined;
  #ofNextCall: string | undefined;

  add(item: Extract<Item, { readonly type: "said" | "thought" | "call" }>): void {
    switch (item.type) {
      case "said":
        return this.#say(item.parts, item.extra);
      case "thought":
        return this.#think(item.text, item.signed);
      case "call":
        return this.#call(item.part);
    }
  }

  /** Undefined where nothing was said. */
  message(): Message | undefined {
    if (this.#parts.length === 0) return undefined;
    return { role: "assistant", parts: this.#parts, ...(this.#extra && { extra: this.#extra }) };
  }

  #say(parts: readonly Part[], extra: Extra | undefined): void {
    for (const part of parts) {
      // Clients write an empty text beside calls.
      if (part.type === "text" && part.text === "") continue;
      this.#parts.push(part.type === "text" ? { ...part, ...this.#textSignature() } : part);
    }
    if (extra) this.#extra = { ...extra, fields: { ...this.#extra?.fields, ...extra.fields } };
  }

  #textSignature(): { readonly thoughtSignature?: string } {
    const thoughtSignature = this.#ofNextText;
    this.#ofNextText = undefined;
    return thoughtSignature === undefined ? {} : { thoughtSignature };
  }

  #think(text: string, signed: PlacedSignature | undefined): void {
    const own = signed?.place === "thought" ? { thoughtSignature: signed.signature } : {};
    if (text !== "" || signed?.place === "thought") this.#parts.push({ type: "thinking", text, ...own });
    if (signed?.place === "next-text") this.#ofNextText = signed.signature;
    if (signed?.place === "next-call") this.#ofNextCall = signed.signature;
    if (signed?.place === "last-text") this.#signLastText(signed.signature);
  }

  #signLastText(thoughtSignature: string): void {
    const at = this.#parts.findLastIndex(({ type }) => type === "text");
    const part = this.#parts[at];
    // A model may sign a text without any words.
    if (part?.type !== "text" || part.thoughtSignature !== undefined) {
      this.#parts.push({ type: "text", text: "", thoughtSignature });
    } else this.#parts[at] = { ...part, thoughtSignature };
  }

  #call(part: ToolCallPart): void {
    const thoughtSignature = this.#ofNextCall;
    this.#ofNextCall = undefined;
    this.#parts.push(thoughtSignature === undefined ? part : { ...part, thoughtSignature });
  }
}
