import type { Candidate } from "#core/balancing/candidate.ts";
import { pick } from "#core/balancing/pick.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import { characteristicsOfText } from "#core/routing/characteristics/characteristics.ts";
import { decide } from "#core/routing/decide.ts";
import {
  exampleDeployment,
  exampleFacts,
  exampleModel,
  exampleRoute,
  exampleVariant,
  exampleView,
} from "#core/routing/example.fixture.ts";
import type { Route } from "#core/routing/route.ts";
import type { RoutingView } from "#core/routing/routing-view.ts";
import { strategySchema } from "#core/routing/strategies/strategy-schema.ts";
import { seeded } from "../../proof/dashboard-log.ts";
import { quantile } from "../measure/quantile.ts";
import { nowMs, usedHealths } from "./deployment-state.ts";

// A process of its own, started with --expose-gc: measures what a decision takes and what deployments hold, and prints both
// as JSON. Its argument is how often it decides.

const [, , decisions = "20000"] = process.argv;
const variantCount = 10;
const poolSize = 20;
const statefulCount = 1_000;

const chance = seeded(1);
const facts = exampleFacts({ stream: true, inputTokens: 400 });

/** A question of the usual length, with some code; and a system prompt of a page. */
const question = `Why is this slow for long lists, and what is its complexity?\n\`\`\`python\n${"def find(items, wanted):\n    return [i for i, x in enumerate(items) if x == wanted]\n".repeat(6)}\`\`\``;
const systemPrompt = "You help developers of an online shop. Be exact, and show your reasoning. ".repeat(30);

const names = Array.from({ length: variantCount }, (_, index) => `variant-${index}`);
const variants = names.map((name) => {
  // As the configuration has it: what is known of a model is there once.
  const model = exampleModel();
  return exampleVariant(name, {
    pool: Array.from({ length: poolSize }, (_, index) => exampleDeployment(`${name}-${index}`, { model })),
  });
});
const deployments = variants.flatMap(({ pool }) => pool.map(({ name }) => name));
const used = usedHealths(deployments, chance);
const healths = new Map(deployments.map((name, place) => [name, used[place]]));
const candidates = Array.from({ length: poolSize }, (): Filled<Candidate> => ({
  weight: 1,
  share: 1,
  costMs: undefined,
  inFlight: 0,
  state: "ready",
  availableAtMs: 0,
}));

const shares = (some: readonly string[]) =>
  Object.fromEntries(some.map((name) => [name, `${100 / some.length}%`]));
const plain = routeOf({ weighted: shares(names) });
const byComplexity = routeOf({
  complexity: {
    tiers: [
      { below: 0.3, use: { weighted: shares(names.slice(0, 5)) } },
      { use: { weighted: shares(names.slice(5)) } },
    ],
  },
});
const reading = (): RoutingView =>
  exampleView({ characteristics: () => characteristicsOfText(question, systemPrompt) });
const neutral = exampleView();

process.stdout.write(
  JSON.stringify({
    plainUs: timed(() => decision(plain, neutral)),
    characteristicsUs: timed(() => decision(byComplexity, reading())),
    statefulMiB: held(),
  }),
);

function routeOf(strategy: unknown): Route {
  return exampleRoute(variants, { strategy: strategySchema.parse(strategy), fallbacks: [names[0] ?? ""] });
}

/** Everything between the facts of a request and the deployment it is sent to. */
function decision(route: Route, view: RoutingView): void {
  const decided = decide({ route, facts, nowMs, variantDraw: chance(), view });
  const [stage] = decided.stages;
  if (stage?.pool.length !== poolSize)
    throw new Error("Cannot decide: all deployments of a variant are wanted");
  for (const [place, { name, weight }] of stage.pool.entries()) {
    const candidate = candidates[place];
    if (!candidate) continue;
    candidate.weight = weight;
    healths
      .get(name)
      ?.showTo(candidate, { stream: true, promptTokens: 400, timed: true }, { nowMs, chance: chance() });
  }
  const picked = pick(candidates, { nowMs, work: 1.4, draws: [chance(), chance()], waitMsMax: 0 });
  if (picked.kind !== "go") throw new Error("Cannot decide: a deployment that can be asked is wanted");
}

/** p50 and p99 of single runs, microseconds, once they are warm. */
function timed(run: () => void): { readonly p50: number; readonly p99: number } {
  const count = Number(decisions);
  for (let index = 0; index < count / 4; index++) run();
  const tookUs = Float64Array.from({ length: count }, () => {
    const startedMs = performance.now();
    run();
    return (performance.now() - startedMs) * 1_000;
  });
  return { p50: quantile(tookUs, 0.5), p99: quantile(tookUs, 0.99) };
}

/** What 1,000 deployments hold with what is configured and what is known of them, MiB. */
function held(): number {
  const before = memoryMiB();
  const kept = Array.from({ length: statefulCount }, (_, index) => exampleDeployment(`deployment-${index}`));
  const state: readonly DeploymentHealth[] = usedHealths(
    kept.map(({ name }) => name),
    chance,
  );
  const after = memoryMiB();
  if (kept.length + state.length !== 2 * statefulCount) throw new Error("Cannot measure: all are wanted");
  return after - before;
}

function memoryMiB(): number {
  if (!globalThis.gc) throw new Error("Cannot measure memory: node --expose-gc is wanted");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
