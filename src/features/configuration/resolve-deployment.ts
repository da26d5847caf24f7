import { catalogModel, modelFacts, type ModelOverrides } from "#features/catalog/index.ts";
import { present } from "#core/kernel/present.ts";
import type { Deployment, DeploymentLimits } from "#core/routing/deployment.ts";
import type { Provider } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import { resolvePrice } from "./resolve-price.ts";
import type { DeploymentSettings } from "./schema/deployment.ts";
import type { LimitsSettings } from "./schema/limits.ts";
import { knownNames } from "./suggestion.ts";

/** What a deployment is resolved from. */
interface DeploymentInput {
  readonly name: string;
  readonly settings: DeploymentSettings;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Every name written under `providers`, also of those that are wrong themselves. */
  readonly providerNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Finds a deployment's provider and what its model can do. */
export function resolveDeployment(input: DeploymentInput): Deployment | undefined {
  const { name, settings, problems } = input;
  const path = ["deployments", name];
  if (!input.providerNames.has(settings.provider)) {
    problems.add([...path, "provider"], { wanted: knownNames(settings.provider, input.providerNames) });
  }
  if (catalogModel(name) && settings.model !== name) {
    problems.add(path, {
      wanted: "another name, or the model of that name",
      actual: `the name of a catalog model for ${settings.model}`,
      atKey: true,
    });
  }
  const provider = input.providers.get(settings.provider);
  if (!provider) return undefined;
  const price = resolvePrice(settings.price, { id: settings.model, provider });
  return {
    name,
    provider: provider.name,
    model: modelFacts(settings.model, provider.dialect, overridesOf(settings)),
    weight: settings.weight,
    tags: provider.tags,
    ...(settings.limits && { limits: limitsOf(settings.limits) }),
    ...(price && { price }),
  };
}

function limitsOf({ rpm, tpm, concurrency }: LimitsSettings): DeploymentLimits {
  return present({ requestsPerMinute: rpm, tokensPerMinute: tpm, concurrency });
}

function overridesOf({ capabilities = {} }: DeploymentSettings): ModelOverrides {
  const { operations, context_tokens, max_output_tokens, media, tools, structured_output, thinking } =
    capabilities;
  return {
    ...(operations && { operations }),
    ...(context_tokens !== undefined && { contextTokens: context_tokens }),
    ...(max_output_tokens !== undefined && { outputTokensMax: max_output_tokens }),
    ...(media && { media }),
    ...(tools !== undefined && { tools }),
    ...(structured_output !== undefined && { structuredOutput: structured_output }),
    ...(thinking && {
      thinking: { mode: thinking.mode, ...(thinking.levels && { levels: thinking.levels }) },
    }),
  };
}
