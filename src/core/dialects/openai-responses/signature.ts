/**
 * What a thought signature is of. The Responses API has one place for such a thing, the `encrypted_content` of a
 * `reasoning` item, and its clients send that back as it came: openai and @langchain/openai with every other item,
 * @ai-sdk/openai with nothing but it. So a signature travels on a reasoning item, on one without words where the model
 * told no thoughts, and says where it belongs.
 */
export type SignedPlace =
  /** The thought in the item itself. */
  | "thought"
  /** The text behind the item. */
  | "next-text"
  /** The text before it: in a stream a signature comes behind what it signs. */
  | "last-text"
  /** The tool call behind it. */
  | "next-call";

/** A signature and what it is of. */
export interface PlacedSignature {
  readonly place: SignedPlace;
  readonly signature: string;
}

/** Gemini's models alone sign their thoughts. */
const mark = "signalbox.gemini.";
const written = /^signalbox\.gemini\.(thought|next-text|last-text|next-call)\.(.+)$/s;

/** A signature as `encrypted_content` carries it. */
export function writeSignature({ place, signature }: PlacedSignature): string {
  return `${mark}${place}.${signature}`;
}

/**
 * Reads what `writeSignature` wrote. Undefined for any other text: the thoughts that OpenAI's own models encrypted, in
 * conversations that began there, mean nothing to other models.
 */
export function readSignature(text: string): PlacedSignature | undefined {
  const [, place, signature] = written.exec(text) ?? [];
  if (place === undefined || signature === undefined) return undefined;
  // The expression has no other words.
  return { place: place as SignedPlace, signature };
}
