/** Sizes of prompts that are measured apart, since a long one takes longer to read. */
export const sizeClasses = ["small", "medium", "large", "huge"] as const;

/** One of them. */
export type SizeClass = (typeof sizeClasses)[number];

/** Prompt tokens up to which each class goes: each is eight times the one before. Our own choice. */
const smallMax = 1_000;
const mediumMax = 8_000;
const largeMax = 64_000;

/** The class of a prompt of so many tokens. */
export function sizeClassOf(inputTokens: number): SizeClass {
  if (inputTokens <= smallMax) return "small";
  if (inputTokens <= mediumMax) return "medium";
  return inputTokens <= largeMax ? "large" : "huge";
}
