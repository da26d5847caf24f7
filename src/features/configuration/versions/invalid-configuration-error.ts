import { AppError } from "#core/kernel/app-error.ts";
import { problemText, type ConfigurationProblem } from "../problem.ts";

/** A text that is no configuration that could be in force here: every problem with its place. */
export class InvalidConfigurationError extends AppError {
  readonly problems: readonly ConfigurationProblem[];

  /**
   * @param action what could not be done: `apply the configuration`
   * @param file what the text is called where a problem is told: `signalbox.yaml`
   */
  constructor(action: string, file: string, problems: readonly ConfigurationProblem[]) {
    const lines = problems.map((problem) => `  ${problemText(problem, file)}`).join("\n");
    super("invalid-configuration", `Cannot ${action}:\n${lines}`);
    this.problems = problems;
  }
}
