import { setTimeout as wait } from "node:timers/promises";
import { breakerDefaults } from "#core/resilience/breaker.ts";
import { figuresOf, type BrownOutWanted } from "../brown-out/figures.ts";
import { sendLoad, type LoadSample } from "../brown-out/load.ts";
import { phasesOf, type Phase } from "../brown-out/phases.ts";
import { deployments, startBrownOutUpstream, type BrownOutUpstream } from "../brown-out/upstream.ts";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

/** One run: phases under steady load, and what is wanted of them. */
interface BrownOutRun {
  readonly name: string;
  readonly phases: readonly Phase[];
  readonly wanted: BrownOutWanted;
  /**
   * Fewest requests that the deployment must have refused: a run in which nobody met the errors proves nothing. Few are
   * right: what fails fast is avoided after the first failures, long before its breaker has seen enough.
   */
  readonly refusedMin: number;
}

/** How a form of the claim is run. */
interface BrownOutForm {
  readonly runs: readonly BrownOutRun[];
  /** A breaker's shortest and longest open time, ms. */
  readonly openMsMin: number;
  readonly openMsMax: number;
}

const perSecond = 50;

/** An equal share, less a tenth. */
const fullShareMin = 0.9;

const fullWanted: BrownOutWanted = {
  errorShareMax: 0.001,
  quantile: 0.99,
  ratioMax: 1.5,
  settleMs: 10_000,
  shareMs: 60_000,
  fullShareMin,
  baselineMax: 1.25,
};

const full: BrownOutForm = {
  runs: [
    {
      name: "slow, then failing",
      phases: phasesOf(["healthy", 60_000], ["slow", 60_000], ["failing", 60_000], ["recovered", 120_000]),
      wanted: fullWanted,
      refusedMin: 0,
    },
    // What was slow is hardly asked any more when it begins to fail; here it fails while it has its full share.
    {
      name: "failing alone",
      phases: phasesOf(["healthy", 40_000], ["failing", 60_000], ["recovered", 120_000]),
      wanted: fullWanted,
      refusedMin: 1,
    },
  ],
  openMsMin: breakerDefaults.openMsMin,
  openMsMax: 20_000,
};

/**
 * A few seconds of each phase, on a machine that is not ours alone, are too few answers for a p99: this form tells whether
 * anything is badly wrong. A deployment that is 10 times slower and felt by a third would show as 10.
 */
const short: BrownOutForm = {
  runs: [
    {
      name: "failing, then slow",
      phases: phasesOf(["healthy", 10_000], ["failing", 12_000], ["slow", 12_000], ["recovered", 45_000]),
      wanted: {
        errorShareMax: 0.002,
        quantile: 0.95,
        ratioMax: 2,
        settleMs: 4_000,
        shareMs: 35_000,
        fullShareMin: 0.6,
        baselineMax: 2,
      },
      refusedMin: 1,
    },
  ],
  openMsMin: 1_000,
  openMsMax: 3_000,
};

/** A deployment of three becomes slow, fails, and is well again, under steady load. */
export const claim: Claim = {
  id: "brown-out",
  title: "A deployment that becomes slow, or fails, is felt by nobody, and has its share again soon after",
  wanted: wantedText(full),
  async run(context) {
    const form = context.short ? short : full;
    const results: Judged[] = [];
    for (const run of form.runs) results.push(await judged(run, form));
    return {
      ok: results.every(({ ok }) => ok),
      ...(context.short && { judgedBy: `no gross fault: ${wantedText(short)}` }),
      figure: results.map(({ figure }) => figure).join("; "),
      details: [
        `${perSecond} requests a second, half of them streams, over three equal deployments of which one is 10 times slower, or fails 30 %; a breaker opens for at most ${form.openMsMax / 1000} s`,
        ...results.flatMap(({ details }) => details),
      ],
    };
  },
};

function wantedText({ runs }: BrownOutForm): string {
  const [{ wanted } = { wanted: fullWanted }] = runs;
  const { errorShareMax, quantile, ratioMax, settleMs, shareMs } = wanted;
  return `errors at the client <= ${errorShareMax * 100} %, p${quantile * 100} within ${ratioMax}x of the healthy one ${settleMs / 1000} s after each change, full share (>= ${wanted.fullShareMin * 100} % of a third) within ${shareMs / 1000} s of recovery`;
}

interface Judged {
  readonly ok: boolean;
  readonly figure: string;
  readonly details: readonly string[];
}

async function judged(run: BrownOutRun, form: BrownOutForm): Promise<Judged> {
  const { samples, refused } = await runOnce(run, form);
  const figures = figuresOf(samples, run.phases, run.wanted);
  const quantile = `p${run.wanted.quantile * 100}`;
  return {
    ok: figures.ok && refused >= run.refusedMin,
    figure: `${run.name}: ${figures.failed} of ${figures.requests} failed, ${quantile} at most ${figures.ratio.toFixed(2)}x, ${(figures.share * 100).toFixed(0)} % of its share back`,
    details: [
      `${run.name}: ${refused} requests were refused by the deployment (at least ${run.refusedMin} are wanted), healthy ${quantile} ${figures.baseline.toFixed(2)} times what the deployments take at most`,
      ...figures.details.map((line) => `${run.name}: ${line}`),
    ],
  };
}

async function runOnce(
  { phases }: BrownOutRun,
  { openMsMin, openMsMax }: BrownOutForm,
): Promise<{ readonly samples: readonly LoadSample[]; readonly refused: number }> {
  await using upstream = await startBrownOutUpstream("brown-out");
  await using signalbox = await startProofSignalbox({
    configuration: () => configuration(upstream),
    breaker: { ...breakerDefaults, openMsMin, openMsMax },
  });
  const lastsMs = phases.reduce((sum, phase) => sum + phase.lastsMs, 0);
  const load = sendLoad({ url: signalbox.url, model: "brown-out", perSecond, lastsMs });
  for (const { behaviour, lastsMs: phaseMs } of phases) {
    upstream.behave(behaviour);
    await wait(phaseMs);
  }
  return { samples: await load, refused: upstream.refused };
}

function configuration(upstream: BrownOutUpstream): string {
  return JSON.stringify({
    version: 1,
    log: { store: "none" },
    providers: named((name) => ({
      dialect: "openai-chat",
      base_url: upstream.baseUrl(name),
      private_network: true,
    })),
    deployments: named((name) => ({ provider: name, model: "brown-out-model" })),
    variants: { "brown-out-pool": { pool: [...deployments] } },
    routes: {
      "brown-out": {
        strategy: { use: "brown-out-pool" },
        deadlines: { first_token: "10s", idle: "10s", total: "15s" },
      },
    },
  });
}

function named(value: (name: (typeof deployments)[number]) => object): object {
  return Object.fromEntries(deployments.map((name) => [name, value(name)]));
}
