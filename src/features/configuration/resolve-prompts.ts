import { isJsonObject } from "#core/kernel/json.ts";
import { joinPrompt } from "#core/prompts/join-prompt.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import { readPrompt, type ReadPrompt } from "#core/prompts/read-prompt.ts";
import type { ConfiguredPrompt } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import type { PromptSettings } from "./schema/prompt.ts";
import { knownNames } from "./suggestion.ts";

/** A prompt whose versions are read each by itself. */
export interface ReadVersions {
  readonly settings: PromptSettings;
  readonly versions: ReadonlyMap<number, ReadPrompt>;
}

/** Reads the versions of one prompt; those with wrong templates are left out. */
export function readVersions(name: string, settings: PromptSettings, problems: ProblemList): ReadVersions {
  const versions = new Map<number, ReadPrompt>();
  for (const [number, version] of Object.entries(settings.versions)) {
    const read = readPrompt(version);
    for (const { path, ...complaint } of read.problems)
      problems.add(["prompts", name, "versions", number, ...path], complaint);
    if (read.problems.length === 0) versions.set(Number(number), read.prompt);
  }
  return { settings, versions };
}

/** Puts what they include into all prompts, and checks where their labels point. */
export function resolvePrompts(
  read: ReadonlyMap<string, ReadVersions>,
  problems: ProblemList,
): ReadonlyMap<string, ConfiguredPrompt> {
  const lookup = (name: string, version: number) => read.get(name)?.versions.get(version);
  return new Map(
    [...read].map(([name, { settings, versions: own }]) => {
      const versions = new Map<number, Prompt>();
      for (const [version, one] of own) {
        const joined = joinPrompt({ name, version }, one, lookup);
        if (joined.ok) versions.set(version, joined.value);
        else {
          const { path, ...complaint } = joined.error;
          problems.add(["prompts", name, "versions", String(version), ...path], complaint);
        }
      }
      return [name, { name, versions, labels: labelsOf(name, settings, problems), ...described(settings) }];
    }),
  );
}

function described({ description }: PromptSettings) {
  return description === undefined ? {} : { description };
}

function labelsOf(
  name: string,
  { labels = {}, versions }: PromptSettings,
  problems: ProblemList,
): ReadonlyMap<string, number> {
  for (const [label, version] of Object.entries(labels)) {
    if (Object.hasOwn(versions, String(version))) continue;
    problems.add(["prompts", name, "labels", label], {
      wanted: `a version that there is: ${knownNames(String(version), Object.keys(versions))}`,
    });
  }
  return new Map(Object.entries(labels));
}

/** What a variant names, and where that is written. */
interface ReferenceInput {
  /** `support@3` or `support@production`. */
  readonly reference: string;
  readonly variant: string;
  readonly prompts: ReadonlyMap<string, ConfiguredPrompt>;
  /** Every name of a prompt, also of those that are wrong themselves. */
  readonly promptNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Finds the version that a variant names, by its number or by a label. */
export function resolvePromptReference(input: ReferenceInput): Prompt | undefined {
  const { reference, variant, prompts, promptNames, problems } = input;
  const [name = "", which = ""] = reference.split("@");
  const path = ["variants", variant, "prompt"];
  if (!promptNames.has(name)) {
    problems.add(path, { wanted: `a prompt and its version, the prompt ${knownNames(name, promptNames)}` });
    return undefined;
  }
  const prompt = prompts.get(name);
  if (!prompt) return undefined;
  const number = versionNumber(prompt, which);
  if (number !== undefined && prompt.versions.has(number)) return prompt.versions.get(number);
  // What is wrong with the version, or with the label, is said there.
  const isTold = (...path: readonly string[]) => problems.has(["prompts", name, ...path]);
  if (isTold("labels", which) || isTold("versions", String(number))) return undefined;
  const known = [...prompt.versions.keys(), ...prompt.labels.keys()].map(String);
  problems.add(path, { wanted: `a version or label of prompt "${name}": ${knownNames(which, known)}` });
  return undefined;
}

/** The number that `3` or a label such as `production` means; undefined for no label of the prompt. */
export function versionNumber({ labels }: ConfiguredPrompt, which: string): number | undefined {
  return /^\d+$/.test(which) ? Number(which) : labels.get(which);
}

/** Whether a prompt shows pictures. */
export function showsImages({ items }: Prompt): boolean {
  return items.some((item) => {
    if (item.type === "placeholder") return false;
    const messages = item.type === "message" ? [item] : item.messages;
    return messages.some(({ pieces }) => pieces.some(({ type }) => type === "image"));
  });
}

/** The versions of prompts as they are written, by the prompt's name and the version's number. */
export function writtenVersions(written: unknown): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const prompts = isJsonObject(written) ? written["prompts"] : undefined;
  return new Map(
    Object.entries(isJsonObject(prompts) ? prompts : {}).map(([name, prompt]) => {
      const versions = isJsonObject(prompt) ? prompt["versions"] : undefined;
      return [name, new Map(Object.entries(isJsonObject(versions) ? versions : {}))];
    }),
  );
}
