import { variantOrTwin } from "#core/routing/twin.ts";
import type { Configuration } from "#features/configuration/index.ts";

/** The hash of each variant that is compared, by name; of one that the configuration has not, none. */
export function treatmentOf(
  { variants }: Pick<Configuration, "variants">,
  names: Iterable<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const variant = variantOrTwin(variants, name);
      return variant ? [[name, variant.hash] as const] : [];
    }),
  );
}

/** The variants of a phase that are other ones by now, and those that are gone. */
export function treatmentChange(
  configuration: Pick<Configuration, "variants">,
  hashes: Readonly<Record<string, string>>,
): { readonly changed: readonly string[]; readonly missing: readonly string[] } {
  const names = Object.keys(hashes);
  const now = new Map(Object.entries(treatmentOf(configuration, names)));
  const missing = names.filter((name) => !now.has(name));
  return { missing, changed: names.filter((name) => now.has(name) && now.get(name) !== hashes[name]) };
}
