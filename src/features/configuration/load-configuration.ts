import { metricSchema } from "#core/experiments/plan/metric-schema.ts";
import { catalogModels, catalogPrices, modelFacts } from "#features/catalog/index.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { z } from "zod";
import type { Configuration, LoadedConfiguration, Provider } from "./configuration.ts";
import { checkChainCircles } from "./chain-circles.ts";
import { contentHash } from "./content-hash.ts";
import { ProblemList } from "./problem-list.ts";
import type { ConfigurationProblem } from "./problem.ts";
import { resolveChain } from "./resolve-chain.ts";
import { resolveDeployment } from "./resolve-deployment.ts";
import { resolveEvaluation } from "./resolve-evaluation.ts";
import { checkOverlaps, resolveExperiment } from "./resolve-experiment.ts";
import { resolveNotification, type ResolvedNotification } from "./resolve-notification.ts";
import { resolveLog } from "./resolve-log.ts";
import { resolveOutcomes } from "./resolve-outcomes.ts";
import { readVersions, resolvePrompts } from "./resolve-prompts.ts";
import { resolveProvider, type ResolvedProvider } from "./resolve-provider.ts";
import { resolveRoute } from "./resolve-route.ts";
import { resolveVariant } from "./resolve-variant.ts";
import { targetsOf } from "./resolve-target.ts";
import { boundedChainSchema } from "./schema/bounded-chain.ts";
import { deploymentSchema } from "./schema/deployment.ts";
import { evaluationSchema } from "./schema/evaluation.ts";
import { experimentSchema, holdoutSchema } from "./schema/experiment.ts";
import { outlineSchema } from "./schema/document.ts";
import { notificationSchema } from "./schema/notification.ts";
import { modulesSchema } from "./schema/modules.ts";
import { promptSchema } from "./schema/prompt.ts";
import { providerSchema } from "./schema/provider.ts";
import { routeSchema } from "./schema/route.ts";
import { variantSchema } from "./schema/variant.ts";
import { sharedFacts } from "./shared-facts.ts";
import { resolveSharedMetric } from "./shared-metrics.ts";
import type { VariableLookup } from "./variable-lookup.ts";
import { asJson } from "./written-of.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

/** The provider that catalog models are reached at without any configuration, and the variable with its key. */
const catalogProvider = "google";
const catalogKeyVariable = "GEMINI_API_KEY";

/** What a configuration may name that other features bring: they come later, so that they are told here. */
interface KnownNames {
  /** The chains that this Signalbox has. */
  readonly chains: readonly string[];
}

/**
 * Reads signalbox.yaml: parses, validates, resolves. Pure but for `variable`. Every problem is said at once, those of
 * entries that depend on a wrong one aside.
 * @param text the file's content; empty is a configuration with nothing but the catalog
 * @param variable what `${NAME}` stands for
 * @param known what may be named that is not in the file
 */
export function loadConfiguration(
  text: string,
  variable: VariableLookup,
  known: KnownNames,
): Result<LoadedConfiguration, readonly ConfigurationProblem[]> {
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  return new Loader(yaml.value, variable, known).load();
}

type Section =
  | "providers"
  | "deployments"
  | "prompts"
  | "variants"
  | "routes"
  | "chains"
  | "evaluations"
  | "metrics"
  | "experiments"
  | "notifications";

class Loader {
  readonly #source: YamlSource;
  readonly #variable: VariableLookup;
  readonly #known: KnownNames;
  readonly #list: ProblemList;

  constructor(source: YamlSource, variable: VariableLookup, known: KnownNames) {
    this.#source = source;
    this.#variable = variable;
    this.#known = known;
    this.#list = new ProblemList(source);
  }

  load(): Result<LoadedConfiguration, readonly ConfigurationProblem[]> {
    if (this.#source.value !== undefined) this.#list.read([], outlineSchema);
    const problems = this.#list;
    const resolved = this.#providers();
    const providers = new Map([...resolved].map(([name, { provider }]) => [name, provider]));
    const deployments = this.#deployments(providers);
    const deploymentNames = new Set([...this.#names("deployments"), ...deployments.keys()]);
    const prompts = this.#prompts();
    const promptNames = new Set(this.#names("prompts"));
    const variants = this.#section("variants", variantSchema, (name, settings) =>
      resolveVariant({ name, settings, deployments, deploymentNames, prompts, promptNames, problems }),
    );
    const variantNames = new Set(this.#names("variants"));
    const routes = this.#section("routes", routeSchema, (name, settings) =>
      resolveRoute({ name, settings, variants, variantNames, deploymentNames, problems }),
    );
    const targets = targetsOf(routes, deployments);
    const chains = this.#chains(targets, [...this.#names("routes"), ...deploymentNames]);
    const routeNames = new Set(this.#names("routes"));
    const targetNames = new Set([...targets.keys(), ...routeNames, ...deploymentNames]);
    const evaluations = this.#section("evaluations", evaluationSchema, (name, settings) =>
      resolveEvaluation({ name, settings, routes, routeNames, targetNames, problems }),
    );
    const experiments = this.#experiments(routes, { routeNames, variantNames });
    const notified = this.#notifications();
    const holdout = this.#list.read(["holdout"], holdoutSchema.nullish()) ?? 0;
    const { secrets: webhookSecrets, ...outcomes } = resolveOutcomes(this.#variable, problems);
    const log = resolveLog(this.#writes("log"), problems);
    if (problems.problems.length > 0) return failed(problems.problems);
    // Only now, since what is wrong may be circular.
    const written = asJson(this.#source.value);
    return ok({
      configuration: {
        version: contentHash(written),
        providers,
        deployments,
        prompts,
        variants,
        routes,
        targets,
        ...chains,
        evaluations,
        experiments,
        notifications: new Map([...notified].map(([name, { target }]) => [name, target])),
        holdout,
        outcomes,
        log,
        written,
      },
      secrets: new Map([...resolved].flatMap(([name, { key }]) => (key ? [[name, key] as const] : []))),
      webhookSecrets,
      notificationSecrets: new Map([...notified].map(([name, { secret }]) => [name, secret])),
      modules: new Map(
        [...resolved].flatMap(([name, { module }]) => (module ? [[name, module] as const] : [])),
      ),
    });
  }

  #providers(): ReadonlyMap<string, ResolvedProvider> {
    const allowedModules = this.#list.read(["modules"], modulesSchema.nullish())?.allow ?? [];
    const written = this.#section("providers", providerSchema, (name, settings) =>
      resolveProvider({ name, settings, allowedModules, variable: this.#variable, problems: this.#list }),
    );
    if (this.#names("providers").includes(catalogProvider)) return written;
    if (this.#variable(catalogKeyVariable) === undefined) return written;
    const implicit = resolveProvider({
      name: catalogProvider,
      settings: providerSchema.parse({ dialect: "gemini", api_key: `\${${catalogKeyVariable}}` }),
      allowedModules,
      variable: this.#variable,
      problems: this.#list,
    });
    return implicit ? new Map([...written, [catalogProvider, implicit]]) : written;
  }

  #deployments(providers: ReadonlyMap<string, Provider>): ReadonlyMap<string, Deployment> {
    const providerNames = new Set([...this.#names("providers"), ...providers.keys()]);
    const shared = sharedFacts();
    const written = this.#section("deployments", deploymentSchema, (name, settings) => {
      const resolved = resolveDeployment({ name, settings, providers, providerNames, problems: this.#list });
      return resolved && shared(resolved);
    });
    return new Map([...catalogDeployments(providers.get(catalogProvider)), ...written]);
  }

  #prompts(): Configuration["prompts"] {
    const read = this.#section("prompts", promptSchema, (name, settings) =>
      readVersions(name, settings, this.#list),
    );
    return resolvePrompts(read, this.#list);
  }

  #chains(
    targets: Configuration["targets"],
    targetNames: readonly string[],
  ): Pick<Configuration, "chains" | "ownChains"> {
    const readyNames = this.#known.chains;
    const chainNames = [...new Set([...readyNames, ...this.#names("chains")])];
    const known = { readyNames, chainNames, targets, targetNames: new Set(targetNames) };
    const resolved = this.#section("chains", boundedChainSchema, (name, settings) =>
      resolveChain({ name, settings, ...known, problems: this.#list }),
    );
    const entries = [...resolved];
    const ownChains = new Map(
      entries.flatMap(([name, one]) => ("versions" in one ? [[name, one] as const] : [])),
    );
    checkChainCircles(ownChains, this.#list);
    const chains = new Map(
      entries.flatMap(([name, one]) => ("versions" in one ? [] : [[name, one] as const])),
    );
    return { chains, ownChains };
  }

  #experiments(
    routes: Configuration["routes"],
    names: { readonly routeNames: ReadonlySet<string>; readonly variantNames: ReadonlySet<string> },
  ): Configuration["experiments"] {
    const sharedMetrics = this.#section("metrics", metricSchema, (name, settings) =>
      resolveSharedMetric(name, { settings, written: this.#writtenOf("metrics", name) }, this.#list),
    );
    const known = { routes, ...names, sharedMetrics, problems: this.#list };
    const designs = this.#section("experiments", experimentSchema, (name, settings) =>
      resolveExperiment({ name, settings, written: this.#writtenOf("experiments", name), ...known }),
    );
    checkOverlaps([...designs.values()], this.#list);
    return designs;
  }

  #notifications(): ReadonlyMap<string, ResolvedNotification> {
    const known = {
      experimentNames: new Set(this.#names("experiments")),
      variable: this.#variable,
      problems: this.#list,
    };
    return this.#section("notifications", notificationSchema, (name, settings) =>
      resolveNotification({ name, settings, ...known }),
    );
  }

  /** An entry as plain data, once it has been read: what is circular was refused then. */
  #writtenOf(section: Section, name: string): JsonObject {
    const { value } = this.#source;
    const entries = isJsonObject(value) ? value[section] : undefined;
    return asJson(isJsonObject(entries) ? entries[name] : undefined);
  }

  /** Reads and resolves every entry of a section; those with problems are left out. */
  #section<Settings, Value>(
    section: Section,
    schema: z.ZodType<Settings>,
    resolve: (name: string, settings: Settings) => Value | undefined,
  ): ReadonlyMap<string, Value> {
    const entries = new Map<string, Value>();
    for (const name of this.#names(section)) {
      const settings = this.#list.read([section, name], schema);
      const value = settings === undefined ? undefined : resolve(name, settings);
      if (value !== undefined) entries.set(name, value);
    }
    return entries;
  }

  #writes(key: "log"): boolean {
    const { value } = this.#source;
    return isJsonObject(value) && value[key] !== undefined && value[key] !== null;
  }

  #names(section: Section): readonly string[] {
    const { value } = this.#source;
    const entries = isJsonObject(value) ? value[section] : undefined;
    return isJsonObject(entries) ? Object.keys(entries) : [];
  }
}

/** A deployment for every catalog model under the model's own name. */
function catalogDeployments(provider: Provider | undefined): ReadonlyMap<string, Deployment> {
  if (provider?.dialect !== "gemini") return new Map();
  return new Map(
    catalogModels().map(({ id }) => {
      const price = catalogPrices(id);
      const model = modelFacts(id, provider.dialect);
      return [
        id,
        { name: id, provider: provider.name, model, weight: 1, tags: provider.tags, ...(price && { price }) },
      ];
    }),
  );
}
