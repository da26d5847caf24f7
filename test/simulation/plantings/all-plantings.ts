import type { Planting } from "./planting.ts";
import { abortUnrecorded, drainingChosen, weightsDrifting } from "./port-plantings.ts";
import { cleanEndWithoutFinish, timerResetByKeepAlive } from "./stream-plantings.ts";

/** The faults of other gateways that the simulation must find. */
export const allPlantings: readonly Planting[] = [
  abortUnrecorded,
  timerResetByKeepAlive,
  cleanEndWithoutFinish,
  drainingChosen,
  weightsDrifting,
];
