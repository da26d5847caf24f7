import { promptReference } from "#core/prompts/prompt.ts";
import type { Variant } from "#core/routing/variant.ts";
import type { Configuration } from "../configuration.ts";
import { entryLength, type Difference } from "./difference.ts";

/** Settings of the log that are read when Signalbox starts. */
const atStart = [
  ["log", "store"],
  ["log", "spool"],
  ["log", "redact"],
];

/** What follows from each difference of two configurations; a variant's new version is told once. */
export function consequenceNotes(
  before: Configuration,
  after: Configuration,
): (difference: Difference) => readonly string[] {
  const renewals = [...after.variants.values()].flatMap((variant) => {
    const former = before.variants.get(variant.name);
    return former && former.hash !== variant.hash ? [{ former, variant }] : [];
  });
  const told = new Set<string>();
  return (difference) => {
    const renewed = renewals.filter((pair) => !told.has(pair.variant.name) && concerns(difference, pair));
    for (const { variant } of renewed) told.add(variant.name);
    return [
      ...renewed.map(renewalText),
      ...routeNotes(difference),
      ...startNotes(difference),
      ...emulationNotes(difference, { before, after }),
    ];
  };
}

/** A variant that is another one from now on. */
interface Renewal {
  readonly former: Variant;
  readonly variant: Variant;
}

/** Whether a difference is one of those that made a variant another one. */
function concerns({ path }: Difference, { former, variant }: Renewal): boolean {
  if (isIn(path, ["variants", variant.name])) return true;
  const prompts = [former.prompt, variant.prompt].flatMap((prompt) => prompt ?? []);
  if (prompts.some(({ name }) => isIn(path, ["prompts", name]))) return true;
  return [...former.pool, ...variant.pool].some(({ name }) => isIn(path, ["deployments", name]));
}

function renewalText({ former, variant }: Renewal): string {
  const why = renewalReason(former, variant);
  return `variant ${variant.name} is a new version because ${why}; what was measured of it before is of another one`;
}

function renewalReason(former: Variant, variant: Variant): string {
  if (former.modelId !== variant.modelId)
    return `its model changed (${former.modelId} -> ${variant.modelId})`;
  const [before, after] = [promptText(former), promptText(variant)];
  return before === after ? "its parameters changed" : `its prompt changed (${before} -> ${after})`;
}

function promptText({ prompt }: Variant): string {
  return prompt ? promptReference(prompt) : "none";
}

function routeNotes({ path, after }: Difference): readonly string[] {
  const [section, name = ""] = path;
  const isGone = section === "routes" && path.length === entryLength && after === undefined;
  return isGone ? [`requests for "${name}" find no such model from then on`] : [];
}

function startNotes({ path }: Difference): readonly string[] {
  return atStart.some((place) => isIn(path, place)) ? ["takes effect at the next start"] : [];
}

function emulationNotes(
  { path }: Difference,
  { before, after }: { readonly before: Configuration; readonly after: Configuration },
): readonly string[] {
  const [section, name = ""] = path;
  const provider = section === "providers" ? after.providers.get(name) : undefined;
  if (!provider || (before.providers.get(name)?.emulated ?? false) === provider.emulated) return [];
  return [
    provider.emulated
      ? `the built-in emulator answers in place of ${name}`
      : `${name} itself answers, in place of the emulator`,
  ];
}

/** Whether a path leads to a place or into it. */
function isIn(path: readonly string[], place: readonly string[]): boolean {
  return place.every((step, at) => path[at] === step);
}
