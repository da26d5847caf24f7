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
  const deployment = {
    name,
    provider: provider.name,
    model: modelFacts(settings.model, provider.dialect, overridesOf(settings)),
    weight: settings.weight,
    tags: provider.tags,
    ...(settings.limits && { limits: limitsOf(settings.limits) }),
    ...(!settings.enabled && { disabled: true as const }),
    ...(price && { price }),
  };
  return settings.replace_ended ? withSuccessor(deployment, provider, [settings.model]) : deployment;
}

/**
 * With what is asked in its place once its model has ended: what is written of its capabilities and price is of that model
 * and goes with it. @param seen models on the way, since a table may lead in a circle
 */
function withSuccessor(deployment: Deployment, provider: Provider, seen: readonly string[]): Deployment {
  const replacement = deployment.model.end?.replacement;
  if (replacement === undefined || seen.includes(replacement)) return deployment;
  const { price: _price, ...rest } = deployment;
  const price = resolvePrice(undefined, { id: replacement, provider });
  const model = modelFacts(replacement, provider.dialect);
  const successor = { ...rest, model, ...(price && { price }) };
  return { ...deployment, successor: withSuccessor(successor, provider, [...seen, replacement]) };
}

function limitsOf({ rpm, tpm, concurrency }: LimitsSettings): DeploymentLimits {
  return present({ requestsPerMinute: rpm, tokensPerMinute: tpm, concurrency });
}

function overridesOf({ capabilities = {} }: DeploymentSettings): ModelOverrides {
  const {
    operations,
    context_tokens,
    max_output_tokens,
    media,
    tools,
    structured_output,
    thinking,
    prefill,
  } = capabilities;
  return {
    ...(operations && { operations }),
    ...(context_tokens !== undefined && { contextTokens: context_tokens }),
    ...(max_output_tokens !== undefined && { outputTokensMax: max_output_tokens }),
    ...(media && { media }),
    ...(tools !== undefined && { tools }),
    ...(structured_output !== undefined && { structuredOutput: structured_output }),
    ...(prefill !== undefined && { prefill }),
    ...(thinking && {
      thinking: { mode: thinking.mode, ...(thinking.levels && { levels: thinking.levels }) },
    }),
  };
}
