import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { BankingClient, Counted } from "./banking-client.ts";
import { bankingTreatments, trueDifference, type BankingVariant } from "./banking-models.ts";

/** One experiment from its start to a verdict or its end, by the calls that people have. */
export interface BankingExperiment {
  /** Its name, and that of its route. */
  readonly name: string;
  readonly conversations: number;
  readonly looks: number;
  readonly concurrency: number;
}

/** What became of it. */
export interface BankingOutcome {
  /** What was to be shipped, at the look that ended it. */
  readonly shipped?: string;
  /** Treatments that a look judged better, or worse, though in truth they are not. */
  readonly misjudged: readonly BankingVariant[];
  /** Treatments whose interval missed the truth at a look. */
  readonly missed: readonly BankingVariant[];
  /** Codes of findings at any look, but of those that ask to wait. */
  readonly findings: readonly string[];
  readonly conversations: number;
}

const reading = z.union([
  z.object({ interval: z.tuple([z.number().nullable(), z.number().nullable()]) }),
  z.object({ refused: z.string() }),
]);

/** The results of an experiment, as far as they are looked at here. */
const bankingResults = z.looseObject({
  verdict: z.looseObject({ decision: z.string(), variant: z.string().nullable(), sentence: z.string() }),
  variants: z.array(z.looseObject({ name: z.string(), units: z.int() })),
  findings: z.array(z.looseObject({ code: z.string(), severity: z.string(), text: z.string() })),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      variants: z.array(z.looseObject({ variant: z.string(), value: z.number().nullable() })),
      comparisons: z.array(
        z.looseObject({
          variant: z.string(),
          judgement: z.string(),
          deciding: z.looseObject({ absolute: reading }),
        }),
      ),
    }),
  ),
});

type BankingResults = z.output<typeof bankingResults>;

/** Runs it: conversations, then a look at the results, and so on until a look says what to ship. */
export async function runBankingExperiment(
  client: BankingClient,
  experiment: BankingExperiment,
): Promise<BankingOutcome> {
  const { name, conversations, looks, concurrency } = experiment;
  await changeExperiment(client, name, "start");
  const counted = new Map<string, Counted>();
  const misjudged = new Set<BankingVariant>();
  const missed = new Set<BankingVariant>();
  const findings = new Set<string>();
  let held = 0;
  let results: BankingResults | undefined;
  for (let look = 1; look <= looks && results?.verdict.decision !== "ship"; look++) {
    const to = Math.round((conversations * look) / looks);
    const talked = await client.talk({ route: name, from: held, to, concurrency });
    add(counted, talked.counted);
    held = to;
    results = await resultsOf(client, name, (read) => unitsOf(read) === to && agrees(read, counted));
    for (const variant of bankingTreatments) {
      if (isMisjudged(results, variant)) misjudged.add(variant);
      if (isMissed(results, variant)) missed.add(variant);
    }
    for (const { code, severity } of results.findings) if (severity !== "wait") findings.add(code);
  }
  await changeExperiment(client, name, "stop");
  const verdict = results?.verdict;
  return {
    ...(verdict?.decision === "ship" && verdict.variant !== null && { shipped: verdict.variant }),
    misjudged: [...misjudged],
    missed: [...missed],
    findings: [...findings],
    conversations: held,
  };
}

/** Starts or stops an experiment, as people do. */
export async function changeExperiment(
  client: BankingClient,
  name: string,
  step: "start" | "stop",
): Promise<void> {
  const { status, json } = await client.post(`/api/experiments/${name}/${step}`, {
    body: { why: "a proof" },
  });
  if (status !== 200) throw new Error(`Cannot ${step} "${name}": ${JSON.stringify(json)}`);
}

/** How long the log may take to have all that was answered, ms, and how often it is asked meanwhile. */
const logMsMax = 60_000;
const askedEveryMs = 200;

/** The results as they are now. */
export async function readResults(client: BankingClient, name: string): Promise<BankingResults> {
  return bankingResults.parse(await client.get(`/api/experiments/${name}/results`));
}

/** The results, as soon as they are of all that was said: what was answered gets into the log a little later. */
async function resultsOf(
  client: BankingClient,
  name: string,
  isWhole: (results: BankingResults) => boolean,
): Promise<BankingResults> {
  for (let waitedMs = 0; waitedMs < logMsMax; waitedMs += askedEveryMs) {
    const results = await readResults(client, name);
    if (isWhole(results)) return results;
    await wait(askedEveryMs);
  }
  throw new Error(`Cannot read all results of "${name}": they are not there after ${logMsMax} ms`);
}

/** Units of all variants. */
function unitsOf({ variants }: BankingResults): number {
  return variants.reduce((sum, { units }) => sum + units, 0);
}

/** Whether each variant's share of right answers is exactly what the client counted. */
function agrees({ metrics }: BankingResults, counted: ReadonlyMap<string, Counted>): boolean {
  const right = metrics.find(({ name }) => name === "right");
  return [...counted].every(([variant, { right: number, answers }]) => {
    const value = right?.variants.find((one) => one.variant === variant)?.value;
    return typeof value === "number" && Math.abs(value - number / answers) < 1e-9;
  });
}

function add(sums: Map<string, Counted>, more: ReadonlyMap<string, Counted>): void {
  for (const [variant, { right, answers }] of more) {
    const before = sums.get(variant) ?? { right: 0, answers: 0 };
    sums.set(variant, { right: before.right + right, answers: before.answers + answers });
  }
}

function comparisonOf({ metrics }: BankingResults, variant: BankingVariant) {
  const metric = metrics.find(({ name }) => name === "right");
  const found = metric?.comparisons.find((one) => one.variant === variant);
  if (!found) throw new Error(`Cannot judge "${variant}": a comparison is wanted`);
  return found;
}

function isMisjudged(results: BankingResults, variant: BankingVariant): boolean {
  const { judgement } = comparisonOf(results, variant);
  const truth = trueDifference(variant);
  return (judgement === "better" && truth <= 0) || (judgement === "worse" && truth >= 0);
}

function isMissed(results: BankingResults, variant: BankingVariant): boolean {
  const { absolute } = comparisonOf(results, variant).deciding;
  if ("refused" in absolute) return false;
  const [lower, upper] = absolute.interval;
  const truth = trueDifference(variant);
  return (lower !== null && lower > truth) || (upper !== null && upper < truth);
}
