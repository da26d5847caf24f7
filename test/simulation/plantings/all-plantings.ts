import { conversationNailed } from "./conversation-plantings.ts";
import {
  blocksCounted,
  budgetUnfilled,
  cooldownShortened,
  cooldownStale,
  deadlineIgnored,
  halfOpenFloods,
  halfOpenSticks,
  lastResortUntried,
} from "./health-plantings.ts";
import { hedgedLate, loserRuns } from "./hedge-plantings.ts";
import type { Planting } from "./planting.ts";
import { abortUnrecorded, drainingChosen, weightsDrifting } from "./port-plantings.ts";
import { jointDoubled, resumptionUnrecorded } from "./resumption-plantings.ts";
import { cleanEndWithoutFinish, timerResetByKeepAlive } from "./stream-plantings.ts";

/** The faults of other gateways that the simulation must find. */
export const allPlantings: readonly Planting[] = [
  cooldownShortened,
  cooldownStale,
  halfOpenFloods,
  halfOpenSticks,
  blocksCounted,
  deadlineIgnored,
  budgetUnfilled,
  loserRuns,
  hedgedLate,
  abortUnrecorded,
  timerResetByKeepAlive,
  cleanEndWithoutFinish,
  drainingChosen,
  weightsDrifting,
  lastResortUntried,
  conversationNailed,
  jointDoubled,
  resumptionUnrecorded,
];
