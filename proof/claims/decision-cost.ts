import { z } from "zod";
import type { Claim } from "../claim.ts";
import { runNode } from "../run-node.ts";

const plainUsMax = 20;
const characteristicsUsMax = 100;
const statefulMbMax = 50;
/** Longest run, ms. */
const runMsMax = 120_000;

const times = z.object({ p50: z.number(), p99: z.number() });
const report = z.object({ plainUs: times, characteristicsUs: times, statefulMiB: z.number() });

/** The short form shares its machine with whatever else runs there, and its code is hardly compiled. */
const shortGenerosity = 2;

/** Measured in a process of its own: bench/decision/decision-process.ts. */
export const claim: Claim = {
  id: "decision-cost",
  title:
    "Deciding over 10 variants of 20 deployments each is cheap, and 1,000 deployments with their state are small",
  wanted: `p50 at most ${plainUsMax} us by shares, ${characteristicsUsMax} us by the request's characteristics; at most ${statefulMbMax} MB for 1,000 deployments`,
  async run({ short }) {
    const generosity = short ? shortGenerosity : 1;
    const script = ["--expose-gc", "bench/decision/decision-process.ts", short ? "5000" : "50000"];
    const { code, output } = await runNode(script, { timeoutMs: runMsMax });
    if (code !== 0)
      throw new Error(`Cannot measure a decision: exit code 0 is wanted, it was ${code}\n${output}`);
    const { plainUs, characteristicsUs, statefulMiB } = report.parse(JSON.parse(output));
    const statefulMb = (statefulMiB * 2 ** 20) / 1e6;
    return {
      ok:
        plainUs.p50 <= plainUsMax * generosity &&
        characteristicsUs.p50 <= characteristicsUsMax * generosity &&
        statefulMb <= statefulMbMax,
      ...(short && { judgedBy: `no gross loss: times at most ${generosity} times what is wanted` }),
      figure: `p50 ${plainUs.p50.toFixed(1)} us by shares, ${characteristicsUs.p50.toFixed(1)} us by characteristics; ${statefulMb.toFixed(1)} MB`,
      details: [
        `p99 ${plainUs.p99.toFixed(1)} and ${characteristicsUs.p99.toFixed(1)} us, each decision timed by itself`,
        "a decision: which variants can serve the request, the draw, the stages, the health of the 20 deployments of the one drawn, and whom of them to ask",
        "characteristics: those of a question of 600 characters with code in it, and of a system prompt of 2,200",
        "memory: V8's heap and buffers after a full collection; every deployment has had 80 attempts, some failed",
      ],
    };
  },
};
