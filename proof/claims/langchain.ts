import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startProcess } from "../../bench/process/start-process.ts";
import type { Claim } from "../claim.ts";
import { runNode } from "../run-node.ts";

/** What RoutedChatModel may add to a call over bare undici, one at a time, median, ms. */
const addedMsMax = 0.4;
/** How many times as many answers a second as ChatGoogle gives, 32 at once: whole, and streams of 20 chunks. */
const wholeRatioMin = 3;
const streamRatioMin = 5;
/** Longest run, ms. */
const runMsMax = 180_000;

/** The short form shares its machine with whatever else runs there, and its code is hardly compiled. */
const shortGenerosity = 2;

const byClient = z.object({ undici: z.number(), RoutedChatModel: z.number(), ChatGoogle: z.number() });
const report = z.object({
  rounds: z.number(),
  roundMs: z.number(),
  oneAtATimeMs: byClient,
  whole: byClient,
  streamed: byClient,
  pacedCpuMs: byClient,
  machine: z.object({ cpu: z.string(), cores: z.number(), node: z.string() }),
});

const upstreamScript = fileURLToPath(new URL("../../bench/upstream/upstream-process.ts", import.meta.url));

/** Measured in a process of its own: bench/langchain/clients-process.ts. Every ratio is of one run. */
export const claim: Claim = {
  id: "langchain",
  title:
    "LangChain over RoutedChatModel costs an application little, and a fraction of LangChain's own client",
  wanted: `at most ${addedMsMax} ms over bare undici, one at a time; at least ${wholeRatioMin} times ChatGoogle's answers a second and ${streamRatioMin} times its streams of 20 chunks, 32 at once`,
  async run({ short }) {
    const generosity = short ? shortGenerosity : 1;
    const measured = await measure(short ? ["800", "3", "300"] : ["3000", "7", "1000"]);
    const { oneAtATimeMs, whole, streamed, pacedCpuMs } = measured;
    const addedMs = oneAtATimeMs.RoutedChatModel - oneAtATimeMs.undici;
    const wholeRatio = whole.RoutedChatModel / whole.ChatGoogle;
    const streamRatio = streamed.RoutedChatModel / streamed.ChatGoogle;
    return {
      ok:
        addedMs <= addedMsMax * generosity &&
        wholeRatio >= wholeRatioMin / generosity &&
        streamRatio >= streamRatioMin / generosity,
      ...(short && { judgedBy: `no gross loss: every bound ${shortGenerosity} times as generous` }),
      figure: `${addedMs.toFixed(3)} ms added; ${wholeRatio.toFixed(1)} times the answers, ${streamRatio.toFixed(1)} times the streams`,
      details: [
        `one at a time, median ms: ${told(oneAtATimeMs, 3)}`,
        `32 at once, whole answers a second: ${told(whole, 0)}`,
        `32 at once, streams of 20 chunks a second, which come in together: ${told(streamed, 0)}; words that come in together RoutedChatModel gives as one chunk`,
        `the same, CPU of a stream whose chunks come one by one, 5 ms apart, ms: ${told(pacedCpuMs, 2)}`,
        "the upstream is a process that answers at once; no gateway is between, since all clients would share its cost",
        `rates: median of ${measured.rounds} rounds of ${measured.roundMs} ms, in which the clients take turns; Node ${measured.machine.node}, ${measured.machine.cores} cores (${measured.machine.cpu})`,
      ],
    };
  },
};

async function measure(sizes: readonly string[]): Promise<z.infer<typeof report>> {
  await using upstream = await startProcess(upstreamScript);
  const script = ["bench/langchain/clients-process.ts", String(upstream.port), ...sizes];
  const { code, output } = await runNode(script, { timeoutMs: runMsMax });
  if (code !== 0)
    throw new Error(`Cannot measure LangChain's clients: exit code 0 is wanted, it was ${code}\n${output}`);
  return report.parse(JSON.parse(output));
}

function told(figures: z.infer<typeof byClient>, digits: number): string {
  return Object.entries(figures)
    .map(([client, figure]) => `${client} ${figure.toFixed(digits)}`)
    .join(", ");
}
