import { catalogModel } from "#features/catalog/index.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { affinityDefaults, type RouteAffinity } from "#core/routing/affinity.ts";
import { defaultCapture } from "#core/routing/capture-policy.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import { hedgeBudgetDefaults } from "#core/resilience/hedge.ts";
import { defaultDeadlines, type Route, type RouteDeadlines, type RouteKind } from "#core/routing/route.ts";
import { defaultResilience, type RouteHedge, type RouteResilience } from "#core/routing/route-resilience.ts";
import { single } from "#core/routing/strategies/single.ts";
import type { Variant } from "#core/routing/variant.ts";
import type { ProblemList } from "./problem-list.ts";
import { deploymentVariant } from "./resolve-variant.ts";
import { fallbackName, type RouteSettings } from "./schema/route.ts";
import { knownNames } from "./suggestion.ts";

/** What a route is resolved from. */
interface RouteInput {
  readonly name: string;
  readonly settings: RouteSettings;
  readonly variants: ReadonlyMap<string, Variant>;
  /** Every name written under `variants`, also of those that are wrong themselves. */
  readonly variantNames: ReadonlySet<string>;
  readonly deploymentNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Finds a route's variants and checks that its name and deadlines make sense. */
export function resolveRoute(input: RouteInput): Route | undefined {
  const { name, settings } = input;
  checkName(input);
  checkDeadlines(input);
  checkVariantNames(input);
  const names = [...new Set([...settings.strategy.variants, ...settings.fallbacks.map(fallbackName)])];
  const variants = names.flatMap((variant) => input.variants.get(variant) ?? []);
  if (variants.length < names.length) return undefined;
  checkRequired(input, variants);
  checkResumes(input, variants);
  return {
    name,
    kind: "route",
    strategy: settings.strategy,
    variants: new Map(variants.map((variant) => [variant.name, variant])),
    fallbacks: settings.fallbacks.map(fallbackName),
    ...requiredOf(settings),
    deadlines: deadlinesOf(settings),
    resilience: resilienceOf(settings),
    ...affinityOf(settings),
    capture: settings.capture,
  };
}

/** The route that stands for one deployment as it is. */
export function deploymentRoute(deployment: Deployment, kind: RouteKind): Route {
  const variant = deploymentVariant(deployment);
  return {
    name: deployment.name,
    kind,
    strategy: single(variant.name),
    variants: new Map([[variant.name, variant]]),
    fallbacks: [],
    deadlines: defaultDeadlines,
    resilience: defaultResilience,
    capture: defaultCapture,
  };
}

function checkName({ name, deploymentNames, problems }: RouteInput): void {
  const owner = catalogModel(name) ? "catalog model" : deploymentNames.has(name) ? "deployment" : undefined;
  if (owner === undefined) return;
  problems.add(["routes", name], {
    wanted: "a name of its own",
    actual: `that of a ${owner}, which would no longer be reachable by it`,
    atKey: true,
  });
}

function checkVariantNames({ name, settings, variantNames, problems }: RouteInput): void {
  const { strategy, fallbacks } = settings;
  for (const variant of strategy.variants.filter((one) => !variantNames.has(one))) {
    problems.add(["routes", name, "strategy", strategy.keyword], {
      wanted: knownNames(variant, variantNames),
      actual: JSON.stringify(variant),
      mention: variant,
    });
  }
  for (const [index, fallback] of fallbacks.entries()) {
    const variant = fallbackName(fallback);
    if (variantNames.has(variant)) continue;
    const path = ["routes", name, "fallbacks", index, ...(typeof fallback === "string" ? [] : ["use"])];
    problems.add(path, { wanted: knownNames(variant, variantNames) });
  }
}

/** Some deployment of the route must have what the route requires: no request could be served otherwise. */
function checkRequired({ name, settings, problems }: RouteInput, variants: readonly Variant[]): void {
  const { requires = {} } = requiredOf(settings);
  const pools = variants.flatMap(({ pool }) => pool);
  const fits = ({ tags = {} }: Deployment) =>
    Object.entries(requires).every(([tag, values]) => values.includes(tags[tag] ?? ""));
  if (pools.some(fits)) return;
  problems.add(["routes", name, "requires"], {
    wanted: "tags that the provider of at least one deployment of the route has",
    actual: `none of ${[...new Set(pools.map((deployment) => deployment.name))].join(", ")} with them`,
  });
}

/** Somebody must be able to go on with a stream that breaks: else it is asked for in vain. */
function checkResumes({ name, settings, problems }: RouteInput, variants: readonly Variant[]): void {
  const pools = variants.flatMap(({ pool }) => pool);
  if (!settings.resume || pools.some(({ model }) => model.upstream.prefill !== undefined)) return;
  problems.add(["routes", name, "resume"], {
    wanted:
      "a deployment of the route whose model goes on with an answer that has begun (capabilities.prefill)",
    actual: `none of ${[...new Set(pools.map((deployment) => deployment.name))].join(", ")} that is known to`,
  });
}

function requiredOf({ requires }: RouteSettings): { readonly requires?: RequiredTags } {
  const entries = Object.entries(requires);
  if (entries.length === 0) return {};
  return {
    requires: Object.fromEntries(
      entries.map(([tag, value]) => [tag, typeof value === "string" ? [value] : value]),
    ),
  };
}

function checkDeadlines({ name, settings, problems }: RouteInput): void {
  const { total, first_token, answer, idle } = settings.deadlines;
  const totalMs = total ?? defaultDeadlines.totalMs;
  for (const [key, ms] of Object.entries({ first_token, answer, idle })) {
    if (ms === undefined || ms <= totalMs) continue;
    problems.add(["routes", name, "deadlines", key], {
      wanted:
        total === undefined
          ? "at most the total of the route, 10m by default"
          : "at most the total of the route",
    });
  }
}

/** What is not written has a default, which never exceeds the total. */
function deadlinesOf({ deadlines }: RouteSettings): RouteDeadlines {
  const totalMs = deadlines.total ?? defaultDeadlines.totalMs;
  return {
    firstTokenMs: deadlines.first_token ?? Math.min(defaultDeadlines.firstTokenMs, totalMs),
    ...(deadlines.answer !== undefined && { answerMs: deadlines.answer }),
    idleMs: deadlines.idle ?? Math.min(defaultDeadlines.idleMs, totalMs),
    totalMs,
  };
}

const priorities = { high: 0, normal: 1, low: 2 } as const;

function resilienceOf({
  retries,
  priority,
  hedge,
  fallbacks,
  cost_max: costMax,
  kept_answers: kept,
  resume,
}: RouteSettings): RouteResilience {
  const hedges = hedgeOf(hedge);
  const written = fallbacks.filter((one) => typeof one !== "string");
  const causes = written.flatMap(({ use, on }) => (on ? [[use, on] as const] : []));
  const bounds = written.flatMap(({ use, max_output_tokens: tokens }) =>
    tokens === undefined ? [] : [[use, tokens] as const],
  );
  return {
    attemptsMax: retries.attempts,
    priority: priorities[priority],
    ...(hedges && { hedge: hedges }),
    ...(causes.length > 0 && { fallbackCauses: new Map(causes) }),
    ...(bounds.length > 0 && { fallbackOutputTokens: new Map(bounds) }),
    ...(costMax !== undefined && { costMax }),
    ...(resume && { resumes: true }),
    ...(kept && { keptAnswers: { ageMsMax: kept.max_age, shared: kept.shared } }),
  };
}

function affinityOf({ affinity }: RouteSettings): { readonly affinity?: RouteAffinity } {
  if (affinity === false) return {};
  if (affinity === true) return { affinity: affinityDefaults };
  return { affinity: { secondWorth: affinity.second, margin: affinity.margin } };
}

function hedgeOf(hedge: RouteSettings["hedge"]): RouteHedge | undefined {
  if (hedge === false) return undefined;
  const { share, spendMax } = hedgeBudgetDefaults;
  if (hedge === true) return { share, spendMax, tools: false };
  return { share: hedge.extra, spendMax: hedge.spend, tools: hedge.tools };
}
