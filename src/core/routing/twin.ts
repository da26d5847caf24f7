import type { Variant } from "./variant.ts";

/** What the name of a twin ends with. */
const twinEnding = ".twin";

/** Made once each: who remembers by variants, remembers them. */
const twins = new WeakMap<Variant, Variant>();

/** The name under which an experiment gives a variant to half of the units again, to see that nothing differs. */
export function twinName(variant: string): string {
  return variant + twinEnding;
}

/** The variant of a name; that of a twin's name is the variant that it is the twin of, under its own name. */
export function variantOrTwin(variants: ReadonlyMap<string, Variant>, name: string): Variant | undefined {
  const known = variants.get(name);
  if (known || !name.endsWith(twinEnding)) return known;
  const original = variants.get(name.slice(0, -twinEnding.length));
  if (!original) return undefined;
  const twin = twins.get(original) ?? { ...original, name };
  twins.set(original, twin);
  return twin;
}
