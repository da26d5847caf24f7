import { z } from "zod";
import type { Claim } from "../claim.ts";
import { runNode } from "../run-node.ts";

const assignmentUsMax = 20;
/** Longest run, ms. */
const runMsMax = 120_000;

const times = z.object({ p50: z.number(), p99: z.number() });
const report = z.object({ plainUs: times, fullUs: times });

/** The short form shares its machine with whatever else runs there, and its code is hardly compiled. */
const shortGenerosity = 2;

/** Measured in a process of its own: bench/decision/assignment-process.ts. */
export const claim: Claim = {
  id: "assignment-cost",
  title: "Assigning a unit to a variant of an experiment is cheap, whatever the experiment asks of it",
  wanted: `p50 at most ${assignmentUsMax} us with two variants, and with six, a holdout, a layer and a coverage`,
  async run({ short }) {
    const generosity = short ? shortGenerosity : 1;
    const script = ["bench/decision/assignment-process.ts", short ? "5000" : "200000"];
    const { code, output } = await runNode(script, { timeoutMs: runMsMax });
    if (code !== 0)
      throw new Error(`Cannot measure an assignment: exit code 0 is wanted, it was ${code}\n${output}`);
    const { plainUs, fullUs } = report.parse(JSON.parse(output));
    const usMax = assignmentUsMax * generosity;
    return {
      ok: plainUs.p50 <= usMax && fullUs.p50 <= usMax,
      ...(short && { judgedBy: `no gross loss: times at most ${generosity} times what is wanted` }),
      figure: `p50 ${plainUs.p50.toFixed(1)} us with two variants, ${fullUs.p50.toFixed(1)} us with all of it`,
      details: [
        `p99 ${plainUs.p99.toFixed(1)} and ${fullUs.p99.toFixed(1)} us, each assignment timed by itself`,
        "two variants are two hashes; six with a holdout, a layer and a coverage are nine, and a unit that is kept out is cheaper",
      ],
    };
  },
};
