import type { JsonObject } from "#core/kernel/json.ts";
import { runModuleCode } from "#adapters/system/module-code.ts";
import { isChatModel, type ChatModel, type ModelSettings } from "./chat-model.ts";
import { errorText, importClass, refusal, type ModelClass, type ModulePlace } from "./import-module.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** A provider that is a class of a module, with everything in its place. */
export interface ModuleProvider extends ModulePlace {
  /** Where its calls go: what tells it from all others. */
  readonly address: string;
  /** What the class is constructed with, secrets in their places. */
  readonly options: JsonObject;
  /** Texts of the options that must not be seen. */
  readonly secrets: readonly string[];
  /** The models that deployments ask it for. */
  readonly models: readonly string[];
}

/** Models that are kept of one provider, by what they were constructed with: most requests of a route sample alike. */
const keptMax = 64;

/**
 * The class of a module provider, and models of it. A model of LangChain is constructed for one way of sampling; that
 * loads nothing and calls nobody.
 */
export class ModuleModels {
  readonly module: string;
  readonly secrets: readonly string[];
  readonly #provider: ModuleProvider;
  readonly #class: ModelClass;
  readonly #kept = new Map<string, ChatModel>();

  private constructor(provider: ModuleProvider, modelClass: ModelClass) {
    this.module = provider.module;
    this.secrets = provider.secrets;
    this.#provider = provider;
    this.#class = modelClass;
  }

  /**
   * Loads the class and constructs one model for each that is deployed, to see now whether that goes.
   * @throws AppError invalid-configuration
   */
  static async load(provider: ModuleProvider, folder: string, timers: Timers): Promise<ModuleModels> {
    return runModuleCode(provider.module, async () => {
      const models = new ModuleModels(provider, await importClass(provider, folder, timers));
      for (const model of provider.models) models.get(model, {});
      return models;
    });
  }

  /** A model that samples so. @throws AppError invalid-configuration when the class gives none */
  get(model: string, settings: ModelSettings): ChatModel {
    const key = JSON.stringify([model, settings]);
    const known = this.#kept.get(key);
    if (known) return known;
    if (this.#kept.size >= keptMax) this.#kept.clear();
    const made = this.#make(model, settings);
    this.#kept.set(key, made);
    return made;
  }

  /** Signalbox itself tries again, elsewhere if need be, and decides what is answered from a cache. */
  #make(model: string, settings: ModelSettings): ChatModel {
    const all = {
      maxRetries: 0,
      ...this.#provider.options,
      ...settings,
      model,
    };
    const made = this.#constructed(all);
    if (isChatModel(made)) return made;
    throw refusal(this.#provider, `"${this.#provider.exportName}" must be a LangChain chat model, it is not`);
  }

  #constructed(settings: object): unknown {
    try {
      return new this.#class(settings);
    } catch (error) {
      // Its text may quote an option, and options hold secrets: they are taken out, and it is no cause, which would be logged whole.
      const threw = withoutSecrets(errorText(error), this.secrets);
      const what = `"${this.#provider.exportName}" must be constructed with the options, it threw ${threw}`;
      throw refusal(this.#provider, what);
    }
  }
}
