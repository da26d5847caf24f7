import type { ConfiguredChain, ModuleStep } from "#core/chains/chain-definition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { assert } from "#core/kernel/assert.ts";
import type { ChainModule } from "#frameworks/langchain/index.ts";

/**
 * Loads a file as a module.
 * @param file its path, relative to the configuration's folder
 * @returns its exports
 * @throws whatever is wrong with it
 */
export type LoadModule = (file: string) => Promise<Readonly<Record<string, unknown>>>;

/** Runs code of the module of a file: what it leaves behind is then known to be the module's. */
export type RunModuleCode = <Value>(file: string, work: () => Value) => Value;

/**
 * The modules of chains, loaded before the configuration that names them is in force. What was loaded belongs to that
 * configuration: a run that began on it ends with it.
 */
export class ChainModules {
  readonly #load: LoadModule;
  readonly #run: RunModuleCode;
  readonly #loaded = new WeakMap<ModuleStep, ChainModule>();

  constructor(load: LoadModule, run: RunModuleCode) {
    this.#load = load;
    this.#run = run;
  }

  /** Loads every module of these chains. @throws AppError invalid-configuration, which names the chain, file and reason */
  async prepare(chains: ReadonlyMap<string, ConfiguredChain>): Promise<void> {
    for (const { versions } of chains.values()) {
      for (const { name, version, steps } of versions.values()) {
        for (const step of steps) {
          if (step.kind === "module") this.#loaded.set(step, await this.#module(step, `${name}@${version}`));
        }
      }
    }
  }

  /** Works with what a step of a prepared configuration runs. */
  with<Value>(step: ModuleStep, work: (module: ChainModule) => Value): Value {
    const loaded = this.#loaded.get(step);
    assert(loaded !== undefined, "the modules of a configuration are loaded before it is in force");
    return this.#run(step.file, () => work(loaded));
  }

  async #module({ file, exportName }: ModuleStep, chain: string): Promise<ChainModule> {
    const action = `Cannot load module "${file}" of chain "${chain}"`;
    let exported: unknown;
    try {
      const loaded = await this.#run(file, () => this.#load(file));
      exported = Object.hasOwn(loaded, exportName) ? loaded[exportName] : undefined;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : "something was thrown that is no error";
      throw new AppError("invalid-configuration", `${action}: ${reason}`, { cause });
    }
    // That it is a function is all that can be known of it before it runs; what it gives is looked at then.
    if (typeof exported === "function") return exported as ChainModule;
    throw new AppError(
      "invalid-configuration",
      `${action}: an exported function "${exportName}" is wanted, it is ${exported === undefined ? "absent" : typeof exported}`,
    );
  }
}
