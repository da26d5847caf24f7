import { parseArgs } from "node:util";
import { stores, type Store } from "../process/start-signalbox.ts";

/** The parts of a run. */
export const partNames = ["latency", "throughput", "stream", "bodies", "disturbed", "memory"] as const;

/** One of them. */
export type PartName = (typeof partNames)[number];

/** What a run is asked for. */
export interface OverheadOptions {
  readonly json: boolean;
  /** Under a minute, judged on errors and main-thread CPU only. */
  readonly short: boolean;
  readonly parts: readonly PartName[];
  readonly stores: readonly Store[];
  /** Rounds of each measurement; more rounds, less noise. */
  readonly rounds: number;
  /** Folder for CPU profiles of Signalbox; the profiler makes every figure worse. */
  readonly profiles: string | undefined;
}

const roundsMax = 1_000;

/**
 * Reads the command line.
 * @throws Error that says what is wrong
 */
export function readOptions(commandLine: readonly string[]): OverheadOptions {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      json: { type: "boolean", default: false },
      short: { type: "boolean", default: false },
      only: { type: "string" },
      stores: { type: "string" },
      rounds: { type: "string" },
      profiles: { type: "string" },
    },
  });
  const { json, short, profiles } = values;
  return {
    json,
    short,
    parts: namesOf("--only", values.only, partNames) ?? (short ? ["throughput"] : partNames),
    stores: namesOf("--stores", values.stores, stores) ?? (short ? ["postgres"] : stores),
    rounds: roundsOf(values.rounds) ?? (short ? 3 : 9),
    profiles,
  };
}

function namesOf<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] | undefined {
  return text?.split(",").map((word) => {
    const name = known.find((one) => one === word);
    if (name === undefined)
      throw new Error(`Cannot read ${option}: ${known.join(", ")} are known, got "${word}"`);
    return name;
  });
}

function roundsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= roundsMax) return rounds;
  throw new Error(`Cannot read --rounds: a whole number from 1 to ${roundsMax} is wanted, got "${text}"`);
}
