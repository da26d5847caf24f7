import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";

/** What the columns of a file of results are, by their names: indexes from 0. */
export interface Columns {
  readonly unit: number;
  readonly variant: number;
  readonly cluster?: number;
  readonly segment?: number;
  readonly stratum?: number;
  readonly timestamp?: number;
  readonly propensity?: number;
  /** The version that the provider said had answered. */
  readonly version?: number;
  readonly metrics: ReadonlyMap<string, MetricColumns>;
}

/** Where a metric's values stand. */
export type MetricColumns =
  | {
      readonly kind: "mean";
      readonly value: number;
      readonly before?: number;
      /** What humans said, where the value is a judge's. */
      readonly human?: number;
    }
  | {
      readonly kind: "ratio";
      readonly numerator: number;
      readonly denominator: number;
      readonly before?: RatioBefore;
    };

/** What a ratio was before: of a unit, or of sums that are divided. */
interface RatioBefore {
  readonly numerator: number;
  readonly denominator?: number;
}

const optionalNames = ["cluster", "segment", "stratum", "timestamp", "propensity", "version"] as const;

/** Most columns of a file. */
const columnsMax = 1000;
/** Characters of the name of a column, a variant or a segment, at most: longer ones are no names. */
export const nameLengthMax = 200;
/** Characters of a name that a complaint shows. */
const shownMax = 40;

/**
 * Reads a header: `unit`, `variant`, optionally `cluster`, `segment`, `stratum`, `timestamp`, `propensity` and `version`; every
 * other column is a metric, `<metric>_num` and `<metric>_den` together one ratio, `<metric>_pre` what the metric was before,
 * `<metric>_human` what humans said where the metric is a judge's.
 * @throws AppError `invalid-request` for a column that is needed and not there, or there twice
 */
export function columnsOf(header: readonly string[], file: string): Columns {
  const names = header.map((name) => name.trim().normalize());
  const refuse = (wanted: string, actual: string): never => {
    throw new AppError("invalid-request", `Cannot read "${file}": wanted ${wanted}, got ${actual}`);
  };
  if (names.length > columnsMax) refuse(`at most ${columnsMax} columns`, String(names.length));
  const index = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    if (name === "") refuse("a name for each column", `none for column ${at + 1}`);
    if (name.length > nameLengthMax)
      refuse(`names of at most ${nameLengthMax} characters`, `${name.length} for column ${at + 1}`);
    if (index.has(name)) refuse("each column once", `"${shownName(name)}" twice`);
    index.set(name, at);
  }
  const shown = names.slice(0, 20).map(shownName).join(", ");
  const unit = index.get("unit") ?? refuse('a column "unit"', `the columns ${shown}`);
  const variant = index.get("variant") ?? refuse('a column "variant"', `the columns ${shown}`);
  const metrics = metricColumns(index);
  if (metrics.size === 0)
    refuse("at least one column with a metric beside unit and variant", `the columns ${shown}`);
  return {
    unit,
    variant,
    ...Object.fromEntries(
      optionalNames.flatMap((name) => (index.has(name) ? [[name, index.get(name)]] : [])),
    ),
    metrics,
  };
}

/** A name of a file that may be no text at all: short, and without what moves a terminal's cursor. */
function shownName(name: string): string {
  const line = name.replaceAll(/\p{C}/gu, "?");
  return line.length > shownMax ? `${line.slice(0, shownMax)}...` : line;
}

const reserved: ReadonlySet<string> = new Set(["unit", "variant", ...optionalNames]);

function metricColumns(index: ReadonlyMap<string, number>): ReadonlyMap<string, MetricColumns> {
  const metrics = new Map<string, MetricColumns>();
  for (const [name, at] of index) {
    if (reserved.has(name)) continue;
    const ratio = ratioOf(name, index);
    if (ratio === "part" || isBefore(name, index) || isHuman(name, index)) continue;
    if (ratio) {
      metrics.set(ratio.name, ratio.columns);
      continue;
    }
    const before = index.get(`${name}_pre`);
    const human = index.get(`${name}_human`);
    metrics.set(name, { kind: "mean", value: at, ...present({ before, human }) });
  }
  return metrics;
}

/** The ratio whose numerator a column is; "part" where it is another part of one. */
function ratioOf(
  name: string,
  index: ReadonlyMap<string, number>,
): { readonly name: string; readonly columns: MetricColumns } | "part" | undefined {
  const [, base = "", part = ""] = /^(.+)_(num|den)$/.exec(name) ?? [];
  const numerator = index.get(`${base}_num`);
  const denominator = index.get(`${base}_den`);
  if (numerator === undefined || denominator === undefined) return undefined;
  if (part === "den") return "part";
  const before = ratioBefore(base, index);
  return { name: base, columns: { kind: "ratio", numerator, denominator, ...(before && { before }) } };
}

function ratioBefore(base: string, index: ReadonlyMap<string, number>): RatioBefore | undefined {
  const numerator = index.get(`${base}_num_pre`);
  const denominator = index.get(`${base}_den_pre`);
  if (numerator !== undefined && denominator !== undefined) return { numerator, denominator };
  const whole = index.get(`${base}_pre`);
  return whole === undefined ? undefined : { numerator: whole };
}

/** Whether a column tells what another was before: `score_pre` beside `score`, `x_num_pre` or `x_pre` beside `x_num`. */
function isBefore(name: string, index: ReadonlyMap<string, number>): boolean {
  const [, base] = /^(.+)_pre$/.exec(name) ?? [];
  return base !== undefined && (index.has(base) || (index.has(`${base}_num`) && index.has(`${base}_den`)));
}

/** Whether a column tells what humans said of what another says: `quality_human` beside `quality`. */
function isHuman(name: string, index: ReadonlyMap<string, number>): boolean {
  const [, base] = /^(.+)_human$/.exec(name) ?? [];
  return base !== undefined && index.has(base) && !reserved.has(base);
}
