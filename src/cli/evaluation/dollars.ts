import { InvalidArgumentError } from "commander";

/** US dollars of a flag, more than none. @throws InvalidArgumentError */
export function dollars(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new InvalidArgumentError("US dollars such as 5 or 0.25 are wanted");
  return value;
}
