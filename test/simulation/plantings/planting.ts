import type { Checker } from "../checkers/checker.ts";
import type { PlantedPorts } from "../simulate.ts";

/** A fault that other gateways have, planted into ours without a hook in the product. */
export interface Planting {
  /** The fault, as people report it. */
  readonly fault: string;
  /** The checker whose business it is. */
  readonly shownBy: Checker;
  /** Plants it. */
  readonly plant: () => Planted;
}

/** A planted fault. */
export interface Planted {
  /** What changes of the ports. */
  readonly ports?: PlantedPorts;
  /** Takes it out again. */
  readonly restore: () => void;
}

/** The names of the methods of a type. */
type MethodOf<T> = { [K in keyof T]: T[K] extends (...given: never[]) => unknown ? K : never }[keyof T];

/**
 * Puts another method in the place of one of a class.
 * @param make the other one, from that which was there; it is called with the object as `this`
 * @returns puts the first one back
 */
export function replaceMethod<T extends object, K extends MethodOf<T>>(
  prototype: T,
  name: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = prototype[name];
  prototype[name] = make(original);
  return () => {
    prototype[name] = original;
  };
}

/** Nothing to take out: the fault was in the ports of one run. */
export const nothing = (): void => undefined;
