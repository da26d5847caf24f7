import { AppError } from "#core/kernel/app-error.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import { versionNumber, type ConfiguredPrompt } from "#features/configuration/index.ts";

/** Longest reference that an error repeats, characters. */
const shownMax = 200;

/** The prompt that `name@version` or `name@label` means. @throws AppError not-found */
export function promptOf(reference: string, prompts: ReadonlyMap<string, ConfiguredPrompt>): Prompt {
  const [name = "", which = ""] = reference.split("@");
  const prompt = prompts.get(name);
  const number = prompt && versionNumber(prompt, which);
  const version = number === undefined ? undefined : prompt?.versions.get(number);
  if (version) return version;
  const known = [...(prompt ? [...prompt.versions.keys(), ...prompt.labels.keys()] : prompts.keys())];
  const wanted = prompt ? `a version or label of "${name}"` : "a prompt and its version";
  throw new AppError(
    "not-found",
    `Cannot find prompt "${reference.slice(0, shownMax)}": wanted ${wanted}, known are ${known.join(", ").slice(0, shownMax) || "none"}`,
  );
}
