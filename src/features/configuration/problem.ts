/** One thing that is wrong with a configuration. Holds no secret. */
export interface ConfigurationProblem {
  /** The file that it is in, where that is one beside the configuration's own: `prompts/support.yaml`. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Dotted path of the key, e.g. `routes.support.deadlines.first_token`; empty for the file as a whole. */
  readonly keyPath: string;
  readonly wanted: string;
  readonly actual: string;
}

/** The problem as a compiler would say it: `signalbox.yaml:12:5 routes.x: wanted a duration such as 8s, got "soon"`. */
export function problemText(problem: ConfigurationProblem, file: string): string {
  const key = problem.keyPath === "" ? "" : ` ${problem.keyPath}`;
  return `${problem.file ?? file}:${problem.line}:${problem.column}${key}: wanted ${problem.wanted}, got ${problem.actual}`;
}
