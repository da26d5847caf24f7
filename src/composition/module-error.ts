import type { Logger } from "pino";
import { errorPlace } from "#core/kernel/error-place.ts";

/** Tells that a promise of a module failed and nobody waited for it. */
export function tellModuleError(logger: Logger, module: string, error: unknown): void {
  logger.error({ module, err: errorPlace(error) }, "module-failed-unheard");
}
