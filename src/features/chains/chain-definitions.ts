import type { ChainDefinition } from "./chain.ts";
import { summarise } from "./summarise.ts";

/** The chains that every Signalbox has. */
export const chainDefinitions: readonly ChainDefinition[] = [summarise];
