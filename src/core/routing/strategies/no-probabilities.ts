import type { Probabilities } from "./strategy.ts";

/** Of a strategy that can choose none of the eligible variants. */
export const noProbabilities: Probabilities = new Map();
