import { AnswerColumns } from "./answer-columns.ts";
import { EvaluatedItems } from "./evaluated-items.ts";
import type { EvaluationRecord } from "./record.ts";

/**
 * All records of a run as numbers by item, about 50 bytes for an answer and its first score: a run of a million items fits a process,
 * texts are not kept. Of several records of one item, target and repeat the last one added counts.
 */
export class RunTable {
  readonly items = new EvaluatedItems();
  readonly #targets = new Map<string, AnswerColumns[]>();
  readonly #scorers: Set<string>;
  #replaced = 0;

  /** @param known names in their order; others follow in the order in which they come */
  constructor(known: { readonly targets?: readonly string[]; readonly scorers?: readonly string[] } = {}) {
    this.#scorers = new Set(known.scorers);
    for (const target of known.targets ?? []) this.#targets.set(target, []);
  }

  add(record: EvaluationRecord): void {
    const place = this.items.add(record);
    const repeats = this.#targets.get(record.target) ?? [];
    this.#targets.set(record.target, repeats);
    while (repeats.length <= record.repeat) repeats.push(new AnswerColumns());
    if (repeats[record.repeat]?.set(place, record)) this.#replaced += 1;
    for (const scorer of Object.keys(record.scores)) this.#scorers.add(scorer);
  }

  /** Records in whose place a later one came. */
  get replaced(): number {
    return this.#replaced;
  }

  get targets(): readonly string[] {
    return [...this.#targets.keys()];
  }

  get scorers(): readonly string[] {
    return [...this.#scorers];
  }

  /** What a target gave, by its repeats; none for a target that there is not. */
  answersOf(target: string): readonly AnswerColumns[] {
    return this.#targets.get(target) ?? [];
  }
}
