import { cellOf, timeOf } from "./cell.ts";
import { nameLengthMax, type Columns, type MetricColumns } from "./columns.ts";
import { DroppedCounter } from "./dropped.ts";
import type { Named, ResultRows } from "./result-rows.ts";

/** Numbers for names, in the order in which they come. */
class Numbering {
  readonly #numbers = new Map<string, number>();

  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  get size(): number {
    return this.#numbers.size;
  }

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#numbers.size));
    return number;
  }
}

/** Names of rows, each kept once. */
class NamedRows {
  readonly #names = new Numbering();
  readonly #of: number[] = [];

  add(name: string): void {
    this.#of.push(this.#names.numberOf(name));
  }

  result(): Named {
    return { names: this.#names.names, of: this.#of };
  }
}

/** Takes rows one after the other, and says what is not usable. */
export class RowReader {
  readonly #columns: Columns;
  readonly #cells: number;
  readonly #names: readonly string[];
  readonly #variants = new Numbering();
  readonly #units = new Numbering();
  readonly #clusters = new Numbering();
  readonly #droppedRows = new DroppedCounter();
  readonly #droppedValues = new DroppedCounter();
  readonly #unit: number[] = [];
  readonly #variant: number[] = [];
  readonly #cluster: number[] = [];
  readonly #segment = new NamedRows();
  readonly #stratum = new NamedRows();
  readonly #time: number[] = [];
  readonly #propensity: number[] = [];
  readonly #version = new NamedRows();
  readonly #values: ReadonlyMap<number, number[]>;
  readonly #denominators: ReadonlySet<number>;
  #read = 0;

  /** @param header the names of all columns */
  constructor(columns: Columns, header: readonly string[]) {
    this.#columns = columns;
    this.#cells = header.length;
    this.#names = header;
    const metrics = [...columns.metrics.values()];
    this.#values = new Map(metrics.flatMap(indexesOf).map((index) => [index, []]));
    this.#denominators = new Set(
      metrics.flatMap((metric) => (metric.kind === "ratio" ? [metric.denominator] : [])),
    );
  }

  get rows(): number {
    return this.#read;
  }

  get variants(): number {
    return this.#variants.size;
  }

  /** Takes a row, or counts why not. */
  add(record: readonly string[], line: number): void {
    this.#read++;
    const reason = this.#unusable(record);
    if (reason !== undefined) return this.#droppedRows.add(reason, line);
    const cell = (index: number | undefined): string => (index === undefined ? "" : nameOf(record[index]));
    const { unit, variant, cluster, segment, stratum, timestamp, propensity, version } = this.#columns;
    this.#unit.push(this.#units.numberOf(cell(unit)));
    this.#variant.push(this.#variants.numberOf(cell(variant)));
    if (cluster !== undefined) {
      const together = cell(cluster);
      // A unit and a cluster may have one name: what is told apart by a letter is not the same.
      this.#cluster.push(this.#clusters.numberOf(together === "" ? `u${cell(unit)}` : `c${together}`));
    }
    if (segment !== undefined) this.#segment.add(cell(segment));
    if (stratum !== undefined) this.#stratum.add(cell(stratum));
    if (version !== undefined) this.#version.add(cell(version));
    if (timestamp !== undefined) this.#time.push(this.#timeIn(cell(timestamp), line));
    if (propensity !== undefined) this.#propensity.push(Number(cell(propensity)));
    for (const [index, values] of this.#values) values.push(this.#valueIn(record[index] ?? "", index, line));
  }

  /** What was taken, for an analysis. */
  result(): ResultRows {
    const { cluster, segment, stratum, timestamp, propensity, version } = this.#columns;
    return {
      columns: this.#columns,
      variants: this.#variants.names,
      unit: this.#unit,
      variant: this.#variant,
      cluster: cluster === undefined ? this.#unit : this.#cluster,
      units: this.#units.size,
      clusters: (cluster === undefined ? this.#units : this.#clusters).size,
      ...(segment !== undefined && { segment: this.#segment.result() }),
      ...(stratum !== undefined && { stratum: this.#stratum.result() }),
      ...(timestamp !== undefined && { time: this.#time }),
      ...(propensity !== undefined && { propensity: this.#propensity }),
      ...(version !== undefined && { version: this.#version.result() }),
      values: this.#values,
      rowsRead: this.#read,
      droppedRows: this.#droppedRows.all(),
      droppedValues: this.#droppedValues.all(),
    };
  }

  #unusable(record: readonly string[]): string | undefined {
    if (record.length !== this.#cells) return `${record.length} cells instead of ${this.#cells}`;
    const { unit, variant, segment, stratum, propensity } = this.#columns;
    if (nameOf(record[unit]) === "") return "no unit";
    if (nameOf(record[variant]) === "") return "no variant";
    if (nameOf(record[variant]).length > nameLengthMax)
      return `a variant of more than ${nameLengthMax} characters`;
    if (segment !== undefined && nameOf(record[segment]).length > nameLengthMax)
      return `a segment of more than ${nameLengthMax} characters`;
    if (stratum !== undefined && nameOf(record[stratum]).length > nameLengthMax)
      return `a stratum of more than ${nameLengthMax} characters`;
    if (propensity === undefined) return undefined;
    const probability = cellOf(record[propensity] ?? "");
    const isProbability = typeof probability === "number" && probability > 0 && probability <= 1;
    return isProbability ? undefined : "a propensity that is not above 0 and at most 1";
  }

  #timeIn(text: string, line: number): number {
    const time = timeOf(text);
    if (time !== undefined) return time;
    if (text !== "") this.#droppedValues.add("timestamp is no time", line);
    return Number.NaN;
  }

  #valueIn(text: string, index: number, line: number): number {
    const value = cellOf(text);
    if (value === "missing") return Number.NaN;
    const name = this.#names[index] ?? "";
    if (value === "unreadable") {
      this.#droppedValues.add(`${name} is no number`, line);
      return Number.NaN;
    }
    if (value >= 0 || !this.#denominators.has(index)) return value;
    this.#droppedValues.add(`${name} is a denominator below 0`, line);
    return Number.NaN;
  }
}

/** A name is the same however its accents are written (NFC, as units are hashed). */
function nameOf(text = ""): string {
  return text.trim().normalize();
}

function indexesOf(metric: MetricColumns): readonly number[] {
  if (metric.kind === "mean") {
    return [metric.value, metric.before, metric.human].filter((index) => index !== undefined);
  }
  const { numerator, denominator, before } = metric;
  if (!before) return [numerator, denominator];
  return [
    numerator,
    denominator,
    before.numerator,
    ...(before.denominator === undefined ? [] : [before.denominator]),
  ];
}
