import { setTimeout as wait } from "node:timers/promises";
import { breakerDefaults } from "#core/resilience/breaker.ts";
import { figuresOf, type BrownOutWanted } from "../brown-out/figures.ts";
import { sendLoad, type LoadSample } from "../brown-out/load.ts";
import { phasesOf, type Phase } from "../brown-out/phases.ts";
import { deployments, startBrownOutUpstream, type BrownOutUpstream } from "../brown-out/upstream.ts";
import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";

/** How a form of the claim is run. */
interface BrownOutForm {
  readonly phases: readonly Phase[];
  readonly wanted: BrownOutWanted;
  readonly perSecond: number;
  /** A breaker's shortest and longest open time, ms. */
  readonly openMsMin: number;
  readonly openMsMax: number;
}

/** Three sigma of a third of the requests behind it: 50 a second for a minute. */
const fullShareMin = 0.9;

const full: BrownOutForm = {
  phases: phasesOf({ healthy: 60_000, slow: 60_000, failing: 60_000, recovered: 120_000 }),
  wanted: {
    errorShareMax: 0.001,
    quantile: 0.99,
    ratioMax: 1.5,
    settleMs: 10_000,
    shareMs: 60_000,
    fullShareMin,
  },
  perSecond: 50,
  openMsMin: breakerDefaults.openMsMin,
  openMsMax: 20_000,
};

/** A few seconds of each phase are too few answers for a p99: this form tells whether anything is badly wrong. */
const short: BrownOutForm = {
  phases: phasesOf({ healthy: 8_000, slow: 12_000, failing: 12_000, recovered: 45_000 }),
  wanted: {
    errorShareMax: 0.002,
    quantile: 0.95,
    ratioMax: 1.5,
    settleMs: 4_000,
    shareMs: 35_000,
    fullShareMin: 0.7,
  },
  perSecond: 50,
  openMsMin: 1_000,
  openMsMax: 3_000,
};

/** A deployment of three becomes slow, then fails, then is well again, under steady load. */
export const claim: Claim = {
  id: "brown-out",
  title: "A deployment that becomes slow, then fails, is felt by nobody, and has its share again soon after",
  wanted: wantedText(full),
  async run(context) {
    const form = context.short ? short : full;
    const figures = figuresOf(await runForm(form), form.phases, form.wanted);
    return {
      ok: figures.ok,
      ...(context.short && { judgedBy: `no gross fault: ${wantedText(short)}` }),
      figure: `${figures.failed} of ${figures.requests} failed; p${form.wanted.quantile * 100} at most ${figures.ratio.toFixed(2)}x; ${(figures.share * 100).toFixed(0)} % of its share back`,
      details: [
        `${form.perSecond} requests a second, half of them streams, over three equal deployments of which one is 10 times slower, then fails 30 %; a breaker opens for at most ${form.openMsMax / 1000} s`,
        ...figures.details,
      ],
    };
  },
};

function wantedText({ wanted }: BrownOutForm): string {
  const { errorShareMax, quantile, ratioMax, settleMs, shareMs } = wanted;
  return `errors at the client <= ${errorShareMax * 100} %, p${quantile * 100} within ${ratioMax}x of the healthy one ${settleMs / 1000} s after each change, full share (>= ${wanted.fullShareMin * 100} % of a third) within ${shareMs / 1000} s of recovery`;
}

async function runForm(form: BrownOutForm): Promise<readonly LoadSample[]> {
  await using upstream = await startBrownOutUpstream("brown-out");
  const { openMsMin, openMsMax } = form;
  await using signalbox = await startProofSignalbox({
    configuration: () => configuration(upstream),
    breaker: { ...breakerDefaults, openMsMin, openMsMax },
  });
  const lastsMs = form.phases.reduce((sum, phase) => sum + phase.lastsMs, 0);
  const load = sendLoad({ url: signalbox.url, model: "brown-out", perSecond: form.perSecond, lastsMs });
  for (const { behaviour, lastsMs: phaseMs } of form.phases) {
    upstream.behave(behaviour);
    await wait(phaseMs);
  }
  // Awaited here: both servers end with this function.
  return await load;
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
