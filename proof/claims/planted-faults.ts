import { openDatabase } from "#adapters/postgres/open-database.ts";
import { breakerDefaults, type BreakerSettings } from "#core/resilience/breaker.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import type { Claim } from "../claim.ts";
import { BankingClient } from "../experiments/banking-client.ts";
import { changeExperiment, readResults } from "../experiments/banking-experiment.ts";
import { loadBankingQuestions } from "../experiments/banking-models.ts";
import { startBankingSignalbox } from "../experiments/banking-signalbox.ts";
import { totalCost } from "../ledger/read-log.ts";
import { takeOverClock, type MovableClock } from "../../test/support/movable-clock.ts";
import { minutes, plantedFaults, type PlantedFault, type Planting } from "../experiments/planted-faults.ts";

const perMinute = 50;
const concurrency = 16;
const minuteMs = 60_000;

/** A breaker that opened would carry a storm from its end into the minutes behind. */
const neverOpen: BreakerSettings = {
  ...breakerDefaults,
  failuresInRow: Number.MAX_SAFE_INTEGER,
  successShareMin: 0,
};

/** What breaks experiments, planted one by one. */
export const claim: Claim = {
  id: "planted-faults",
  title: "Results of an experiment name what went wrong with it, and nothing else",
  wanted: `each of ${plantedFaults.length - 1} planted faults named, by its own run alone; none named where none was planted`,
  async run() {
    using clock = takeOverClock();
    await using server = await startPostgresServer();
    const databaseUrl = await server.createDatabase("planted_faults");
    const questions = loadBankingQuestions();
    await using signalbox = await startBankingSignalbox(
      questions,
      new Map(plantedFaults.map(({ name }) => [name, "always_valid"])),
      { databaseUrl, breaker: neverOpen },
    );
    await using database = await openDatabase({ kind: "url", databaseUrl });
    await using client = new BankingClient(signalbox.url, questions);
    const logged = requestLog(signalbox.url);
    const planting = { emulator: signalbox.emulator, database: database.kysely };
    const told: Told[] = [];
    for (const fault of plantedFaults) {
      const findings = await findingsOf(client, fault, { clock, planting, logged });
      told.push({ fault, findings, isRight: isRight(fault, findings) });
    }
    const wrong = told.filter((one) => !one.isRight);
    return {
      ok: wrong.length === 0,
      figure: `${told.length - wrong.length} of ${told.length} runs: ${told.map(({ fault, findings }) => `${fault.name} ${plantedCodes(findings).join(", ") || "none"}`).join("; ")}`,
      details: [
        `${perMinute * minutes.all} conversations in ${minutes.all} minutes of a clock that is set ahead, three variants`,
        ...told.map(
          ({ fault, findings }) =>
            `${fault.title}: ${findings.map(({ severity, text }) => `${severity}: ${text}`).join("; ") || "no finding"}`,
        ),
      ],
    };
  },
};

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly text: string;
}

/** What the results of an experiment with a fault said. */
interface Told {
  readonly fault: PlantedFault;
  readonly findings: readonly Finding[];
  readonly isRight: boolean;
}

/** Runs an experiment with the fault, minute by minute. */
async function findingsOf(
  client: BankingClient,
  fault: PlantedFault,
  world: {
    readonly clock: MovableClock;
    readonly planting: Omit<Planting, "experiment">;
    /** Waits until so many more requests are in the log. */
    readonly logged: (requests: number) => Promise<void>;
  },
): Promise<readonly Finding[]> {
  const { name, conversationOf = String, mayFail = false } = fault;
  const planting = { ...world.planting, experiment: name };
  await changeExperiment(client, name, "start");
  let requests = 0;
  for (let minute = 0; minute < minutes.all; minute++) {
    if (minute === minutes.from) await fault.begin?.(planting);
    if (minute === minutes.to) await fault.end?.(planting);
    const from = minute * perMinute;
    const to = from + perMinute;
    const talked = await client.talk({ route: name, from, to, concurrency, conversationOf, mayFail });
    requests += talked.requests;
    world.clock.advance(minuteMs);
  }
  await world.logged(requests);
  await fault.after?.(planting);
  const { findings } = await readResults(client, name);
  await changeExperiment(client, name, "stop");
  return findings;
}

/** A log that is known to be whole when it has as many requests as were sent, of all runs by now. */
function requestLog(url: string): (requests: number) => Promise<void> {
  let sent = 0;
  return async (requests) => {
    sent += requests;
    const { requests: kept } = await totalCost(url, sent);
    if (kept !== sent) throw new Error(`Cannot read the log: ${sent} requests are wanted, it has ${kept}`);
  };
}

/** Codes of the findings that faults are planted for, each once. */
function plantedCodes(findings: readonly Finding[]): readonly string[] {
  const planted = new Set<string | undefined>(plantedFaults.map(({ finding }) => finding));
  const told = findings.filter((one) => planted.has(one.code) && !isChance(one));
  return [...new Set(told.map(({ code }) => code))];
}

/** Sizes that are only worth a look (p < 1 %) are so in one of a hundred experiments that nothing is wrong with. */
function isChance({ code, severity }: Finding): boolean {
  return code === "sample-ratio" && severity === "warning";
}

function isRight({ finding }: PlantedFault, findings: readonly Finding[]): boolean {
  const named = plantedCodes(findings);
  return finding === undefined ? named.length === 0 : named.length === 1 && named[0] === finding;
}
