import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startProcess } from "../../bench/process/start-process.ts";
import { runBench, type BenchSaid } from "../benchmarks/run-bench.ts";
import type { Claim } from "../claim.ts";

const upstream = fileURLToPath(new URL("../../bench/upstream/upstream-process.ts", import.meta.url));

/** Requests per second that are asked for, and for how long, s; of that the first one is not measured. */
const loads = { full: { rate: 2_000, seconds: 10 }, short: { rate: 500, seconds: 3 } };
const warmupSeconds = 1;
/** Independent arrivals are more or fewer by chance: by so many standard deviations at most. */
const deviationsMax = 4;
const lagMsMax = 5;
/** Runs, until one is valid: others on the machine make some of them invalid, which is what they are to say. */
const triesMax = 3;

/** The process that is starved has no CPU for this part of each period, ms. */
const starvedMs = 40;
const periodMs = 100;

/** One process, streams of 23 events each, every one of them read and timed. */
export const claim: Claim = {
  id: "load-generator",
  title: "The load generator keeps its schedule at 2,000 requests per second, and says so where it cannot",
  wanted: `${loads.full.rate} requests/s of one process with a schedule lag p99 of at most ${lagMsMax} ms, and a run that lacks CPU marked invalid`,
  async run({ short }) {
    await using server = await startProcess(upstream);
    const address = `http://127.0.0.1:${server.port}/burst/v1`;
    const load = short ? loads.short : loads.full;
    const kept = await keptSchedule(address, load);
    const starved = await runBench(wordsFor(address, { rate: 200, seconds: 4 }), starve);
    const [run] = kept.report.targets[0].runs;
    const { schedule_lag_ms: lag, e2e_ms: latency } = run.metrics;
    const [client] = kept.report.load_generator;
    const keeps =
      kept.report.valid &&
      run.requests.failed === 0 &&
      run.requests_per_s >= leastRate(load) &&
      lag.p99 <= lagMsMax;
    const says = !starved.report.valid && starved.code === 3;
    return {
      ok: keeps && says,
      ...(short && { judgedBy: `${load.rate} requests/s` }),
      figure: `${Math.round(run.requests_per_s)} requests/s, schedule lag p99 ${lag.p99.toFixed(2)} ms; starved of CPU: ${says ? "invalid" : "valid"}`,
      details: [
        `${run.requests.answered} answered, ${run.requests.failed} failed; end to end p50 ${latency.p50.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms`,
        `the load generator took ${client.cpu_share.toFixed(2)} of a core and ${Math.round(client.memory_bytes_max / 1e6)} MB; event-loop delay p99 ${client.event_loop_delay_ms_p99.toFixed(2)} ms`,
        `stopped for ${starvedMs} of each ${periodMs} ms, it said: ${starved.report.invalid.join("; ") || "nothing"}`,
        ...kept.report.invalid,
      ],
    };
  },
};

/** How much load, and how long, s. */
interface Load {
  readonly rate: number;
  readonly seconds: number;
}

/** The least rate that chance leaves of Poisson arrivals: their number has its mean as variance. */
function leastRate({ rate, seconds }: Load): number {
  return rate - deviationsMax * Math.sqrt(rate / (seconds - warmupSeconds));
}

async function keptSchedule(address: string, load: Load): Promise<BenchSaid> {
  let said = await runBench(wordsFor(address, load));
  for (let tries = 1; tries < triesMax && !said.report.valid; tries++)
    said = await runBench(wordsFor(address, load));
  return said;
}

function wordsFor(address: string, { rate, seconds }: Load): readonly string[] {
  const times = ["--duration", `${seconds}s`, "--warmup", `${warmupSeconds}s`];
  const load = ["--profile", "poisson", "--rate", String(rate), ...times];
  return ["--url", address, "--model", "bench-model", ...load, "--input-tokens", "50"];
}

/** Stops the process again and again, as a machine does that has too much to do. */
function starve(child: ChildProcess): Disposable {
  const waking = new Set<NodeJS.Timeout>();
  const timer = setInterval(() => {
    child.kill("SIGSTOP");
    waking.add(setTimeout(() => child.kill("SIGCONT"), starvedMs));
  }, periodMs);
  child.once("exit", () => clearInterval(timer));
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      for (const wake of waking) clearTimeout(wake);
    },
  };
}
