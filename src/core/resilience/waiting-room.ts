import { assert } from "#core/kernel/assert.ts";

/** How a waiting room is laid out. */
export interface WaitingRoomSettings {
  /** Most that wait, over all classes; >= 1. */
  readonly placesMax: number;
  /** Classes of priority: 0 is the most important, `classes - 1` the least. */
  readonly classes: number;
  /** After so many turns in which a class was passed over for higher ones it has its turn. */
  readonly passedOverMax: number;
}

/** 8 in 9 turns for the more important at most, so that no class ever starves. */
export const waitingRoomDefaults: WaitingRoomSettings = { placesMax: 1000, classes: 3, passedOverMax: 8 };

/** Somebody who waits. */
interface Place<Item> {
  readonly item: Item;
  /** Its place in the row: who came earlier stands before it. */
  readonly sinceMs: number;
}

/**
 * Those who wait for a place at a deployment: bounded, by classes of priority, first come first served in each, of those
 * whom the place fits.
 *
 * - full: the one who came last of the lowest class goes, if the newcomer is of a higher one; else the newcomer
 * - the highest class is served first; but see `passedOverMax`
 */
export class WaitingRoom<Item> {
  readonly #settings: WaitingRoomSettings;
  readonly #classes: readonly Place<Item>[][];
  #size = 0;
  /** By class: turns of higher ones since it had one, while somebody of it waited. */
  readonly #passedOver: number[];

  constructor(settings: WaitingRoomSettings = waitingRoomDefaults) {
    this.#settings = settings;
    this.#classes = Array.from({ length: settings.classes }, () => []);
    this.#passedOver = this.#classes.map(() => 0);
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * An item comes to wait.
   *
   * @param priority its class: a whole number from 0, the most important, to `classes - 1`
   * @param sinceMs when it came first: it may leave and come back, and has its place in the row again. At the end where
   *   that is left out
   * @returns the item that has no place now: one of a lower class, or this one itself; undefined when there was room
   */
  enter(priority: number, item: Item, sinceMs: number = Number.POSITIVE_INFINITY): Item | undefined {
    const own = this.#classes[priority];
    assert(own !== undefined, `the waiting room has no class ${priority}`);
    if (this.#size < this.#settings.placesMax) {
      insert(own, { item, sinceMs });
      this.#size += 1;
      return undefined;
    }
    const lowest = this.#classes.findLastIndex((waiting) => waiting.length > 0);
    if (lowest < priority) return item;
    insert(own, { item, sinceMs });
    return this.#classes[lowest]?.pop()?.item;
  }

  /**
   * Whose turn it is: it leaves the room. Undefined when there is nobody.
   * @param fits whether somebody can take what there is
   */
  next(fits: (item: Item) => boolean = anybody): Item | undefined {
    const first = this.#classes.map((waiting) => waiting.findIndex(({ item }) => fits(item)));
    const highest = first.findIndex((at) => at >= 0);
    if (highest < 0) return undefined;
    const { passedOverMax } = this.#settings;
    const due = first.findLastIndex(
      (at, priority) => at >= 0 && this.#turnsWithout(priority) >= passedOverMax,
    );
    const served = Math.max(due, highest);
    for (const [priority, waiting] of this.#classes.entries()) {
      const isPassedOver = priority > highest && priority !== served && waiting.length > 0;
      this.#passedOver[priority] = isPassedOver ? this.#turnsWithout(priority) + 1 : 0;
    }
    this.#size -= 1;
    return this.#classes[served]?.splice(first[served] ?? 0, 1)[0]?.item;
  }

  /** An item leaves before its turn: its client went away, or its time is up. False when it did not wait. */
  leave(item: Item): boolean {
    for (const waiting of this.#classes) {
      const at = waiting.findIndex((place) => place.item === item);
      if (at < 0) continue;
      waiting.splice(at, 1);
      this.#size -= 1;
      return true;
    }
    return false;
  }

  #turnsWithout(priority: number): number {
    return this.#passedOver[priority] ?? 0;
  }
}

const anybody = (): boolean => true;

/** Nearly everybody comes last. */
function insert<Item>(row: Place<Item>[], place: Place<Item>): void {
  row.splice(row.findLastIndex(({ sinceMs }) => sinceMs <= place.sinceMs) + 1, 0, place);
}
