import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { entryLength, isPromptVersion, type Difference } from "./difference.ts";
import { secretKeys, valueText } from "./value-text.ts";
import type { WrittenSchema } from "./written-schema.ts";

/** One change of a configuration, for people and programs. Holds no key. */
export interface ConfigurationChange {
  readonly kind: "add" | "change" | "remove";
  /** Dotted path of the key: `routes.support.strategy.weighted.support-lite`. */
  readonly path: string;
  /** The change in words: `route support: variant support-lite 20% -> 30%`. */
  readonly text: string;
  /** What follows from it that is not plain to see. */
  readonly notes: readonly string[];
}

/** A difference in words. */
export function changeOf(difference: Difference, schema: WrittenSchema): ConfigurationChange {
  const { path, before, after } = difference;
  const kind = before === undefined ? "add" : after === undefined ? "remove" : "change";
  const isEntry = schema.isNamed(path[0] ?? "") && path.length === entryLength;
  const text = isEntry
    ? entryText(difference, kind)
    : (versionText(difference, kind) ?? innerText(difference, schema));
  return { kind, path: path.join("."), text, notes: notesOf(difference, schema) };
}

function entryText({ path, before, after }: Difference, kind: ConfigurationChange["kind"]): string {
  const [section = "", name = ""] = path;
  const label = `${entryWord(section)} ${name}`;
  if (kind === "remove") return `${label} removed`;
  if (kind === "add") return `${label} added (${entrySummary(section, after ?? null)})`;
  return `${label}: ${valueText(before ?? null)} -> ${valueText(after ?? null)}`;
}

/** A version of a prompt, of which what it says is no matter of a line; undefined for everything else. */
function versionText({ path }: Difference, kind: ConfigurationChange["kind"]): string | undefined {
  const words = { add: "added", remove: "removed", change: "changed" } as const;
  return isPromptVersion(path) ? `prompt ${path[1]}: version ${path[3]} ${words[kind]}` : undefined;
}

function innerText(difference: Difference, schema: WrittenSchema): string {
  const { label, words } = place(difference.path, schema);
  const change = changeWords(difference, schema);
  return words === "" ? `${label}: ${change}` : `${label}: ${words} ${change}`;
}

function changeWords({ path, before, after }: Difference, schema: WrittenSchema): string {
  if (secretKeys.has(path.at(-1) ?? "")) {
    return before === undefined ? "added" : after === undefined ? "removed" : "changed";
  }
  const usual = schema.defaultAt(path);
  if (before === undefined && usual === undefined) return `${valueText(after ?? null)} added`;
  if (after === undefined && usual === undefined) return `${valueText(before ?? null)} removed`;
  return `${side(before, usual)} -> ${side(after, usual)}`;
}

function side(value: Json | undefined, usual: Json | undefined): string {
  return value === undefined ? `${valueText(usual ?? null)} (the default)` : valueText(value);
}

function notesOf({ path, before, after }: Difference, schema: WrittenSchema): readonly string[] {
  const usual = schema.defaultAt(path);
  const written = before ?? after;
  const isUsual = usual !== undefined && (before === undefined || after === undefined) && written === usual;
  return isUsual ? ["that is the default: the same holds as before"] : [];
}

/** What a change is about, and what of it. */
function place(
  path: readonly string[],
  schema: WrittenSchema,
): { readonly label: string; readonly words: string } {
  const [section = "", name = "", ...rest] = path;
  if (!schema.isNamed(section)) return { label: section, words: path.slice(1).join(" ") };
  const [first = "", second = "", ...further] = rest;
  if (section === "deployments" && first === "price") {
    return { label: `price of ${name}`, words: rest.slice(1).join(" ") };
  }
  const label = `${entryWord(section)} ${name}`;
  if (first === "strategy" && second === "weighted" && further.length > 0) {
    return { label, words: `variant ${further.join(" ")}` };
  }
  return { label, words: rest.join(" ") };
}

/** One entry of a section: `routes` has a route, `policies` has a policy. */
function entryWord(section: string): string {
  return section.replace(/ies$/, "y").replace(/s$/, "");
}

/** What an added entry is, in a few words; of a section without words of its own, as it is written. */
function entrySummary(section: string, entry: Json): string {
  const summary = isJsonObject(entry) ? summaries[section]?.(entry) : undefined;
  return summary ?? valueText(entry);
}

const summaries: Readonly<Record<string, (entry: JsonObject) => string | undefined>> = {
  providers: ({ dialect, base_url: baseUrl, module, export: exportName }) =>
    joined(exportName, " of ", module) ?? joined(dialect, " at ", baseUrl) ?? textOf(dialect),
  deployments: ({ model, provider }) => joined(model, " at ", provider),
  variants: ({ pool }) => (isList(pool) ? pool.map(valueText).join(", ") : undefined),
  prompts: ({ versions }) =>
    isJsonObject(versions) ? `version ${Object.keys(versions).join(", ")}` : undefined,
  routes: ({ strategy }) => (isJsonObject(strategy) ? strategyText(strategy) : undefined),
  experiments: ({ route, variants }) => joined(sharesText(variants), " on route ", route),
};

function sharesText(variants: Json | undefined): string | undefined {
  if (!isJsonObject(variants)) return undefined;
  return Object.entries(variants)
    .map(([variant, share]) => `${variant}: ${valueText(share ?? null)}`)
    .join(", ");
}

function strategyText(strategy: JsonObject): string {
  return Object.entries(strategy)
    .map(([keyword, settings]) => `${keyword} ${valueText(settings ?? null)}`)
    .join(", ");
}

function joined(one: Json | undefined, between: string, other: Json | undefined): string | undefined {
  const [first, second] = [textOf(one), textOf(other)];
  return first === undefined || second === undefined ? undefined : first + between + second;
}

function textOf(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : valueText(value);
}
