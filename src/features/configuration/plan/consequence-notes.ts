import type { Variant } from "#core/routing/variant.ts";
import type { Configuration } from "../configuration.ts";
import type { ConfigurationChange } from "./change.ts";

/** Settings of the log that are read when Signalbox starts. */
const atStart = ["log.store", "log.spool", "log.redact"];

/** What follows from each change of one configuration into another; a variant's new version is told once. */
export function consequenceNotes(
  before: Configuration,
  after: Configuration,
): (change: ConfigurationChange) => readonly string[] {
  const variants = [...after.variants.values()].flatMap((variant) => {
    const former = before.variants.get(variant.name);
    return former && former.hash !== variant.hash ? [{ former, variant }] : [];
  });
  const told = new Set<string>();
  return (change) => {
    const renewed = variants.filter((pair) => !told.has(pair.variant.name) && concerns(change, pair));
    for (const { variant } of renewed) told.add(variant.name);
    return [
      ...renewed.map(renewalText),
      ...routeNotes(change),
      ...startNotes(change),
      ...emulationNotes(change, { before, after }),
    ];
  };
}

interface Renewal {
  readonly former: Variant;
  readonly variant: Variant;
}

/** Whether a change is one of those that made a variant another one. */
function concerns({ path }: ConfigurationChange, { former, variant }: Renewal): boolean {
  if (isAtOrBelow(path, `variants.${variant.name}`)) return true;
  return [...former.pool, ...variant.pool].some(({ name }) => isAtOrBelow(path, `deployments.${name}`));
}

function renewalText({ former, variant }: Renewal): string {
  const why =
    former.modelId === variant.modelId
      ? "its parameters changed"
      : `its model changed (${former.modelId} -> ${variant.modelId})`;
  return `variant ${variant.name} is a new version because ${why}; what was measured of it before is of another one`;
}

function routeNotes({ kind, path }: ConfigurationChange): readonly string[] {
  const name = /^routes\.(?<name>.+)$/.exec(path)?.groups?.["name"];
  return kind === "remove" && name !== undefined
    ? [`requests for "${name}" find no such model from then on`]
    : [];
}

function startNotes({ path }: ConfigurationChange): readonly string[] {
  return atStart.some((place) => isAtOrBelow(path, place)) ? ["takes effect at the next start"] : [];
}

function emulationNotes(
  { path }: ConfigurationChange,
  { before, after }: { readonly before: Configuration; readonly after: Configuration },
): readonly string[] {
  const provider = [...after.providers.values()].find(({ name }) => isAtOrBelow(path, `providers.${name}`));
  if (!provider || (before.providers.get(provider.name)?.emulated ?? false) === provider.emulated) return [];
  return [
    provider.emulated
      ? `the built-in emulator answers in place of ${provider.name}`
      : `${provider.name} itself answers, in place of the emulator`,
  ];
}

function isAtOrBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}
