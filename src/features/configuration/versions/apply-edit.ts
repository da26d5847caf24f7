import type { Applied, ConfigurationService } from "./service.ts";
import { isConflict } from "./version-conflict.ts";

/** How often a configuration is written again when somebody else was faster. */
const appliesMax = 5;

/**
 * Applies a change of the text in force, and makes it again on another one's text where that one was faster.
 * @param edit the text with the change, and why it is made
 * @throws what `edit` throws; InvalidConfigurationError; AppError conflict
 */
export async function applyEdit(
  configuration: Pick<ConfigurationService, "inForce" | "version" | "apply" | "follow">,
  appliedBy: string,
  edit: (text: string) => { readonly text: string; readonly comment: string },
): Promise<Applied> {
  for (let tries = 1; ; tries++) {
    const { number } = configuration.inForce().version;
    const { text, comment } = edit((await configuration.version(String(number))).text);
    try {
      return await configuration.apply(text, { base: String(number), comment, appliedBy });
    } catch (error) {
      if (!isConflict(error) || tries === appliesMax) throw error;
      // The faster one may be another process, whose version is not in force here yet.
      await configuration.follow();
    }
  }
}
