import { machine } from "../measure/machine.ts";
import { median, quantile } from "../measure/quantile.ts";
import { measuredClients, type MeasuredClient } from "./clients.ts";

// A process of its own: what LangChain's clients cost an application, printed as JSON. Its arguments are the port of the
// upstream, calls timed one at a time, rounds at once, and how long a client's part of a round takes, ms.

const [, , port = "", callsText = "2000", roundsText = "7", roundMsText = "1000"] = process.argv;
const calls = Number(callsText);
const rounds = Number(roundsText);
const roundMs = Number(roundMsText);
/** Calls under way at once in a round. */
const concurrency = 32;

const clients = measuredClients(Number(port));
for (const client of clients) await warmUp(client);

const oneAtATimeMs = await timedOneAtATime();
const whole = await inRounds((client) => client.whole());
const streamed = await inRounds((client) => client.streamed());
const pacedCpuMs = await pacedCpu();
process.stdout.write(
  JSON.stringify({
    pacedCpuMs,
    calls,
    rounds,
    roundMs,
    concurrency,
    oneAtATimeMs,
    whole,
    streamed,
    machine: machine(),
  }),
);
process.exit();

async function warmUp(client: MeasuredClient): Promise<void> {
  for (let call = 0; call < calls / 4; call += 1) await client.whole();
  for (let call = 0; call < calls / 4; call += 1) await client.streamed();
}

/** Median time of single calls, ms, by client. The clients take turns: what disturbs one disturbs all. */
async function timedOneAtATime(): Promise<Readonly<Record<string, number>>> {
  const times = new Map(clients.map(({ name }) => [name, [] as number[]]));
  for (let call = 0; call < calls; call += 1) {
    for (const client of clients) {
      const startedMs = performance.now();
      await client.whole();
      times.get(client.name)?.push(performance.now() - startedMs);
    }
  }
  return Object.fromEntries([...times].map(([name, ms]) => [name, quantile(ms, 0.5)]));
}

/** Calls a second by client, median over the rounds; each round has a turn of every client. */
async function inRounds(
  ask: (client: MeasuredClient) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const rates = new Map(clients.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1)
    for (const client of clients) rates.get(client.name)?.push(await rate(() => ask(client)));
  return Object.fromEntries([...rates].map(([name, perSecond]) => [name, median(perSecond)]));
}

/** CPU of this process for one stream whose events come one by one, ms, by client. */
async function pacedCpu(): Promise<Readonly<Record<string, number>>> {
  const spent: (readonly [string, number])[] = [];
  for (const client of clients) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1)
      await Promise.all(Array.from({ length: concurrency }, () => client.paced()));
    const { user, system } = process.cpuUsage(before);
    spent.push([client.name, (user + system) / 1_000 / (rounds * concurrency)]);
  }
  return Object.fromEntries(spent);
}

async function rate(ask: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  const untilMs = startedMs + roundMs;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      await ask();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done / ((performance.now() - startedMs) / 1_000);
}
