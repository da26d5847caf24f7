import { hash } from "node:crypto";

/** A stream of reproducible chance: the same seed text always gives the same numbers. */
export interface Random {
  /** The next number in [0, 1). */
  next(): number;
  /** A whole number in [min, max], both included. */
  integer(min: number, max: number): number;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
  /** A lognormal draw with the given median (any unit) and sigma of its logarithm (0 gives the median). */
  logNormal(median: number, sigma: number): number;
}

/** Hex SHA-256 over the parts, with a separator that no part can imitate (each part's length comes first). */
export function digest(...parts: readonly string[]): string {
  return hash("sha256", parts.map((part) => `${part.length}:${part}`).join("|"));
}

/** Starts the stream of chance that belongs to a seed text. Generator: sfc32 (PractRand, public domain). */
export function randomFrom(seedText: string): Random {
  const seed = hash("sha256", seedText);
  let a = Number.parseInt(seed.slice(0, 8), 16) | 0;
  let b = Number.parseInt(seed.slice(8, 16), 16) | 0;
  let c = Number.parseInt(seed.slice(16, 24), 16) | 0;
  let counter = 1;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  function integer(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1));
  }

  function pick<T>(list: readonly T[]): T {
    const element = list[integer(0, list.length - 1)];
    if (element === undefined) throw new RangeError("Cannot pick from a list: it must not be empty");
    return element;
  }

  function logNormal(median: number, sigma: number): number {
    // Box-Muller; 1 - next() keeps the logarithm finite.
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return median * Math.exp(sigma * normal);
  }

  for (let round = 0; round < 12; round += 1) next();
  return { next, integer, pick, logNormal };
}
