import type { Task } from "./run-log.ts";

/** Which tasks of a run need not be done (again): a bit each, so that a million items fit. */
export class DoneTasks {
  readonly #targets: ReadonlyMap<string, number>;
  readonly #repeats: number;
  #bits = new Uint8Array(1_024);

  /** @param targets their names in their order */
  constructor(targets: readonly string[], repeats: number) {
    this.#targets = new Map(targets.map((name, at) => [name, at]));
    this.#repeats = repeats;
  }

  add(task: Omit<Task, "item">): void {
    const at = this.#bitOf(task);
    if (at === undefined) return;
    if (at >> 3 >= this.#bits.length) this.#grow(at >> 3);
    this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (1 << (at & 7));
  }

  remove(task: Omit<Task, "item">): void {
    const at = this.#bitOf(task);
    if (at === undefined || at >> 3 >= this.#bits.length) return;
    this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) & ~(1 << (at & 7));
  }

  has(task: Omit<Task, "item">): boolean {
    const at = this.#bitOf(task);
    return at !== undefined && ((this.#bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }

  #bitOf({ position, target, repeat }: Omit<Task, "item">): number | undefined {
    const column = this.#targets.get(target);
    if (column === undefined || repeat >= this.#repeats) return undefined;
    return (position * this.#targets.size + column) * this.#repeats + repeat;
  }

  #grow(byte: number): void {
    const grown = new Uint8Array(Math.max(this.#bits.length * 2, byte + 1));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
