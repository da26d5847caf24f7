import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type { Result } from "#core/kernel/result.ts";

/** An adjustment, with the sentence that says what was done; or why none was made. */
export type Adjusted = Result<{ readonly arms: MetricArms; readonly text: string }, string>;
