import { AppError } from "#core/kernel/app-error.ts";
import type { Evaluation } from "#features/evaluations/evaluation-file/evaluation.ts";
import { scorerModule } from "./module-scorer.ts";
import { ModuleThreads } from "./module-threads.ts";

/**
 * The modules of an evaluation's scorers, loaded: one that cannot be is known before anybody is asked.
 * @throws AppError invalid-configuration
 */
export async function loadedModules({ scorers }: Pick<Evaluation, "scorers">): Promise<ModuleThreads> {
  const modules = new ModuleThreads();
  for (const [name, config] of scorers) {
    if (config.kind !== "module") continue;
    const checked = await modules.check(scorerModule(config));
    if (checked.ok) continue;
    await modules[Symbol.asyncDispose]();
    throw new AppError(
      "invalid-configuration",
      `Cannot make scorer "${name}": a module that scores is wanted in "${config.file}", it cannot be loaded: ${checked.error}`,
    );
  }
  return modules;
}
