import type { z } from "zod";
import { describedValue } from "./described-value.ts";
import type { ConfigurationProblem } from "./problem.ts";
import { secretKeys } from "./plan/value-text.ts";
import type { KeyPath, Place, YamlSource } from "./yaml-source.ts";
import { issueProblems, wantedOf } from "./zod-problems.ts";

/** What is wrong with one place. */
interface Complaint {
  readonly wanted: string;
  /** What is there instead; by default the value itself. */
  readonly actual?: string;
  /** Points at the key rather than at its value. */
  readonly atKey?: boolean;
  /** Points at this text below `path`, where the path of the text itself is not known. */
  readonly mention?: string;
}

/** Collects all that is wrong with a file, so that it is said at once. */
export class ProblemList {
  readonly #source: YamlSource;
  readonly #problems: ConfigurationProblem[] = [];

  constructor(source: YamlSource) {
    this.#source = source;
  }

  /** Everything found, from the top of the file to its end. */
  get problems(): readonly ConfigurationProblem[] {
    return this.#problems.toSorted(
      (a, b) => fileOrder(a).localeCompare(fileOrder(b)) || a.line - b.line || a.column - b.column,
    );
  }

  /** Whether anything is wrong at a path or below it. */
  has(path: KeyPath): boolean {
    const at = path.join(".");
    return this.#problems.some(({ keyPath }) => keyPath === at || keyPath.startsWith(`${at}.`));
  }

  /** Notes that something else was wanted at `path`. */
  add(path: KeyPath, complaint: Complaint): void {
    const place = this.#placeOf(path, complaint);
    const actual = complaint.actual ?? this.#described(path);
    this.#problems.push({ ...place, keyPath: path.join("."), wanted: complaint.wanted, actual });
  }

  /** Reads what is at `path` by a schema; undefined, with its problems noted, when it does not fit. */
  read<Value>(path: KeyPath, schema: z.ZodType<Value>): Value | undefined {
    const parsed = schema.safeParse(valueAt(this.#source.value, path), { error: wantedOf });
    if (parsed.success) return parsed.data;
    for (const { path: inner, ...complaint } of parsed.error.issues.flatMap(issueProblems)) {
      this.add([...path, ...inner], complaint);
    }
    return undefined;
  }

  #placeOf(path: KeyPath, { atKey, mention }: Complaint): Place {
    const mentioned =
      mention === undefined
        ? undefined
        : (this.#source.placeOfText(path, mention) ?? this.#source.placeOfText(path.slice(0, -1), mention));
    return mentioned ?? (atKey === true ? this.#source.placeOfKey(path) : this.#source.placeOf(path));
  }

  #described(path: KeyPath): string {
    const value = valueAt(this.#source.value, path);
    const isSecret = secretKeys.has(String(path.at(-1))) && typeof value === "string";
    return isSecret ? "a text that is not shown" : describedValue(value);
  }
}

/** The file of its own comes first. */
function fileOrder({ file = "" }: ConfigurationProblem): string {
  return file;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    // A checked own property of an object: reading it is safe, its type is still unknown.
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}
