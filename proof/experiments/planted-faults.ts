import { sql, type Kysely } from "kysely";
import type { WorkerEmulator } from "#emulator/start-in-worker.ts";
import { bankingSkills } from "./banking-models.ts";

/** Minutes that an experiment with a fault runs, and between which of them something goes wrong. */
export const minutes = { all: 24, from: 10, to: 14 } as const;

/** What faults are planted in. */
export interface Planting {
  readonly experiment: string;
  readonly emulator: WorkerEmulator;
  readonly database: Kysely<unknown>;
}

/** What results are to name. */
export type PlantedFinding =
  | "fallback-storm"
  | "excluded-window"
  | "sample-ratio"
  | "version-drift"
  | "dominant-unit";

/** Something that goes wrong while an experiment runs. */
export interface PlantedFault {
  /** Of the experiment. */
  readonly name: string;
  readonly title: string;
  /** The finding that results must name; none where nothing is planted. */
  readonly finding?: PlantedFinding;
  /** In whose conversation one that is asked for counts. */
  readonly conversationOf?: (conversation: number) => string;
  /** Whether requests fail by it. */
  readonly mayFail?: boolean;
  /** Before the minute in which it begins, before the one after its end, and when all is in the log. */
  begin?(planting: Planting): Promise<unknown>;
  end?(planting: Planting): Promise<unknown>;
  after?(planting: Planting): Promise<unknown>;
}

const { model } = bankingSkills.better;

/** The faults, and an experiment without any. */
export const plantedFaults: readonly PlantedFault[] = [
  { name: "nothing", title: "nothing" },
  {
    name: "storm",
    title: `the provider of one variant refuses for ${minutes.to - minutes.from} of ${minutes.all} minutes`,
    finding: "fallback-storm",
    begin: ({ emulator }) => emulator.addFault({ name: "503", parameters: {}, model }),
    end: ({ emulator }) => emulator.clearFaults(),
  },
  {
    name: "outage",
    title: `the provider of all variants refuses for ${minutes.to - minutes.from} of ${minutes.all} minutes`,
    finding: "excluded-window",
    mayFail: true,
    begin: ({ emulator }) => emulator.addFault({ name: "503", parameters: {} }),
    end: ({ emulator }) => emulator.clearFaults(),
  },
  {
    name: "lost",
    title: "half of the units of one variant are lost on their way",
    finding: "sample-ratio",
    // A unit is counted when it meets its variant, by chance alone: nothing that comes later puts sizes off but records that are lost.
    after: ({ database, experiment }) =>
      sql`
        delete from experiment_units
        where experiment = ${experiment} and variant = 'better' and hashtext(unit) & 1 = 0`.execute(database),
  },
  {
    name: "version",
    title: "the provider of one variant changes its version silently",
    finding: "version-drift",
    begin: ({ emulator }) => emulator.reportVersion(model, `${model}-002`),
    after: ({ emulator }) => emulator.clearVersions(),
  },
  {
    name: "bot",
    title: "one conversation has a fifth of the traffic",
    finding: "dominant-unit",
    conversationOf: (conversation) => (conversation % 5 === 0 ? "bot" : String(conversation)),
  },
];
