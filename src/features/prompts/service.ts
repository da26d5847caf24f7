import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Message } from "#core/llm/message.ts";
import { fromLangChain } from "#core/prompts/from-langchain.ts";
import { promptDifference, type PromptChange } from "#core/prompts/prompt-difference.ts";
import { promptVersionSchema, type PromptVersionSettings } from "#core/prompts/prompt-schema.ts";
import { promptReference, type Prompt } from "#core/prompts/prompt.ts";
import { unknownVariables } from "#core/prompts/prompt-values.ts";
import { renderPrompt } from "#core/prompts/render-prompt.ts";
import { toLangChain } from "#core/prompts/to-langchain.ts";
import {
  applyEdit,
  withPromptLabel,
  withPromptVersion,
  type Configuration,
  type ConfigurationService,
  type ConfiguredPrompt,
} from "#features/configuration/index.ts";

/** What the service works with. */
export interface PromptPorts {
  readonly configuration: Pick<ConfigurationService, "inForce" | "version" | "apply" | "follow">;
}

/** A change of prompts, and why. */
export interface PromptChangeOptions {
  readonly by: string;
  readonly comment?: string;
}

/** A change that is in force. */
export interface PromptChanged {
  readonly prompt: string;
  readonly version: number;
  /** Number of the configuration's version. */
  readonly configuration: number;
  /** In words. */
  readonly changes: readonly string[];
}

/** The prompts of the configuration in force: looking at them, trying them, adding to them. */
export class PromptService {
  readonly #ports: PromptPorts;

  constructor(ports: PromptPorts) {
    this.#ports = ports;
  }

  /** All prompts, by name. */
  list(): readonly ConfiguredPrompt[] {
    return [...this.#configuration.prompts.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One of them. @throws AppError not-found */
  prompt(name: string): ConfiguredPrompt {
    const prompt = this.#configuration.prompts.get(name);
    if (prompt) return prompt;
    throw new AppError("not-found", `Cannot find prompt "${name}": there is no such prompt`);
  }

  /** A version by its number or a label. @throws AppError not-found */
  version(name: string, which: string): Prompt {
    const { versions, labels } = this.prompt(name);
    const number = /^\d+$/.test(which) ? Number(which) : labels.get(which);
    const version = number === undefined ? undefined : versions.get(number);
    if (version) return version;
    throw new AppError(
      "not-found",
      `Cannot find prompt "${name}@${which}": a version (${[...versions.keys()].join(", ")}) or a label (${[...labels.keys()].join(", ") || "there is none"}) is wanted`,
    );
  }

  /** What a version says, as it is written. @throws AppError not-found */
  written(name: string, which: string): JsonObject {
    const { version } = this.version(name, which);
    const found = this.#writtenAt(["prompts", name, "versions", String(version)]);
    return isJsonObject(found) ? found : {};
  }

  /** The variants that have a prompt, with its version. */
  variantsOf(name: string): readonly { readonly variant: string; readonly version: number }[] {
    return [...this.#configuration.variants.values()].flatMap(({ name: variant, prompt }) =>
      prompt?.name === name ? [{ variant, version: prompt.version }] : [],
    );
  }

  /** What two versions differ in. @throws AppError not-found */
  difference(name: string, from: string, to: string): readonly PromptChange[] {
    return promptDifference(this.#settings(name, from), this.#settings(name, to));
  }

  /**
   * The messages of a version with its gaps filled: exactly what a request with these values would be.
   * @throws AppError not-found; invalid-request, which names every variable that is missing or that it does not have
   */
  render(
    name: string,
    which: string,
    input: { readonly variables: JsonObject; readonly messages: readonly Message[] },
  ): readonly Message[] {
    const prompt = this.version(name, which);
    const extra = unknownVariables([prompt], input.variables);
    const rendered = renderPrompt(prompt, { values: input.variables, messages: input.messages });
    if (!rendered.ok) throw unrenderable(prompt, rendered.error.message);
    if (extra) throw unrenderable(prompt, extra.message);
    return rendered.value;
  }

  /**
   * Adds a version, with the next number, and brings it into force; a label goes to it where one is given.
   * @throws InvalidConfigurationError; AppError conflict, invalid-request
   */
  publish(
    name: string,
    settings: PromptVersionSettings,
    { label, ...options }: PromptChangeOptions & { readonly label?: string },
  ): Promise<PromptChanged> {
    return this.#change({ name, what: "publish", ...options }, (text) => {
      const numbers = this.#configuration.prompts.get(name)?.versions.keys() ?? [];
      const version = Math.max(0, ...numbers) + 1;
      // Without what is undefined, as it would be written.
      const written: unknown = JSON.parse(JSON.stringify(settings));
      const added = withPromptVersion(text, {
        name,
        version,
        settings: isJsonObject(written) ? written : {},
      });
      return {
        version,
        text: label === undefined ? added : withPromptLabel(added, { name, label, version }),
      };
    });
  }

  /** Has a label point at a version. @throws AppError not-found, conflict, invalid-request; InvalidConfigurationError */
  setLabel(
    name: string,
    {
      label,
      version: which,
      ...options
    }: PromptChangeOptions & { readonly label: string; readonly version: string },
  ): Promise<PromptChanged> {
    return this.#change({ name, what: `label ${label} of`, ...options }, (text) => {
      const { version } = this.version(name, which);
      return { version, text: withPromptLabel(text, { name, label, version }) };
    });
  }

  /** A prompt of LangChain's as a version. @throws AppError unsupported-feature */
  imported(form: Json): PromptVersionSettings {
    const read = fromLangChain(form);
    if (read.ok) return read.value;
    throw new AppError("unsupported-feature", `Cannot import the prompt: wanted ${read.error}`);
  }

  /** A version in LangChain's form. @throws AppError not-found, unsupported-feature */
  exported(name: string, which: string): JsonObject {
    const prompt = this.version(name, which);
    const written = toLangChain(prompt);
    if (written.ok) return written.value;
    throw new AppError(
      "unsupported-feature",
      `Cannot export prompt "${promptReference(prompt)}": LangChain wants ${written.error}`,
    );
  }

  /** Writes a change into the newest configuration. */
  async #change(
    about: PromptChangeOptions & { readonly name: string; readonly what: string },
    edit: (text: string) => { readonly version: number; readonly text: string },
  ): Promise<PromptChanged> {
    const { name, what, by, comment } = about;
    let version = 0;
    const applied = await applyEdit(this.#ports.configuration, by, (former) => {
      const made = edit(former);
      version = made.version;
      const reason = `${what} prompt ${promptReference({ name, version })}`;
      return { text: made.text, comment: comment === undefined ? reason : `${reason}: ${comment}` };
    });
    const changes = applied.changes.map((change) => change.text);
    return { prompt: name, version, configuration: applied.version.number, changes };
  }

  get #configuration(): Configuration {
    return this.#ports.configuration.inForce().loaded.configuration;
  }

  #settings(name: string, which: string): PromptVersionSettings {
    return promptVersionSchema.parse(this.written(name, which));
  }

  #writtenAt(path: readonly string[]): Json | undefined {
    let value: Json | undefined = this.#configuration.written;
    for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return value;
  }
}

function unrenderable(prompt: Prompt, why: string): AppError {
  return new AppError("invalid-request", `Cannot render prompt "${promptReference(prompt)}": ${why}`);
}
