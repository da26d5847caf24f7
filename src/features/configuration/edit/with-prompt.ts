import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { JsonObject } from "#core/kernel/json.ts";
import { edited } from "./text-edit.ts";
import { unaddable, withEntryIn } from "./with-entry.ts";
import { appended, rangeOf } from "./yaml-place.ts";

/** A version that a prompt is to have. */
export interface PromptVersionEdit {
  readonly name: string;
  /** A number that no version of it has. */
  readonly version: number;
  /** What it says, as written. */
  readonly settings: JsonObject;
}

/**
 * The text of a configuration with one more version of a prompt, and the prompt itself where it is new: one entry is
 * added, nothing else changes. Says nothing of whether the text loads.
 * @throws AppError invalid-request, where the prompt is written in a way that nothing can be added to
 */
export function withPromptVersion(text: string, { name, version, settings }: PromptVersionEdit): string {
  // JSON is YAML, in one line and without a doubt how it is read.
  const entry = `${version}: ${JSON.stringify(settings)}`;
  const document = parseDocument(text, { stringKeys: true });
  if (!document.hasIn(["prompts", name]))
    return withEntryIn(text, "prompts", `${name}: { versions: { ${entry} } }`);
  return edited(text, [appended(text, mapAt(document, ["prompts", name, "versions"]), entry)]);
}

/** Where a label is to point. */
export interface PromptLabelEdit {
  readonly name: string;
  readonly label: string;
  readonly version: number;
}

/**
 * The text of a configuration with a label of a prompt that points at a version; nothing else changes.
 * @throws AppError invalid-request, where the prompt is written in a way that nothing can be added to
 */
export function withPromptLabel(text: string, { name, label, version }: PromptLabelEdit): string {
  const document = parseDocument(text, { stringKeys: true });
  const prompt = mapAt(document, ["prompts", name]);
  if (!prompt.has("labels"))
    return edited(text, [appended(text, prompt, `labels: { ${label}: ${version} }`)]);
  const labels = mapAt(document, ["prompts", name, "labels"]);
  const value: unknown = labels.get(label, true);
  if (value === undefined) return edited(text, [appended(text, labels, `${label}: ${version}`)]);
  if (!isScalar(value)) throw unaddable(`prompts.${name}.labels`);
  const [from, to] = rangeOf(value);
  return edited(text, [{ from, to, text: String(version) }]);
}

function mapAt(document: ReturnType<typeof parseDocument>, path: readonly string[]): YAMLMap {
  const node: unknown = document.getIn(path, true);
  if (isMap(node)) return node;
  throw unaddable(path.join("."));
}
