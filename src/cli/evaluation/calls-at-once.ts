import { InvalidArgumentError } from "commander";
import { concurrencyMax } from "#features/evaluations/index.ts";

/** How many calls of a flag may be under way, from 1: with none a run would wait for ever. @throws InvalidArgumentError */
export function callsAtOnce(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= concurrencyMax) return value;
  throw new InvalidArgumentError(`a whole number from 1 to ${concurrencyMax} is wanted`);
}
