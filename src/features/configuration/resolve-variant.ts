import type { Deployment } from "#core/routing/deployment.ts";
import type { Variant, VariantParameters } from "#core/routing/variant.ts";
import { contentHash } from "./content-hash.ts";
import type { ProblemList } from "./problem-list.ts";
import type { VariantSettings } from "./schema/variant.ts";
import { knownNames } from "./suggestion.ts";

/** What a variant is resolved from. */
interface VariantInput {
  readonly name: string;
  readonly settings: VariantSettings;
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** Every name of a deployment, also of those that are wrong themselves. */
  readonly deploymentNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Finds a variant's deployments and checks that its parameters suit their model. */
export function resolveVariant(input: VariantInput): Variant | undefined {
  const { name, settings, problems, deploymentNames } = input;
  for (const [index, member] of settings.pool.entries()) {
    if (deploymentNames.has(member)) continue;
    problems.add(["variants", name, "pool", index], { wanted: knownNames(member, deploymentNames) });
  }
  const pool = settings.pool.flatMap((member) => input.deployments.get(member) ?? []);
  const [first] = pool;
  if (!first || pool.length < settings.pool.length) return undefined;
  checkOneModel(input, pool);
  checkParameters(input, first);
  return newVariant(name, pool, first, parametersOf(settings));
}

/** The variant that stands for one deployment as it is. */
export function deploymentVariant(deployment: Deployment): Variant {
  return newVariant(deployment.name, [deployment], deployment, {});
}

function newVariant(
  name: string,
  pool: readonly Deployment[],
  { model }: Deployment,
  parameters: VariantParameters,
): Variant {
  return { name, hash: contentHash({ model: model.id, parameters }), modelId: model.id, pool, parameters };
}

function checkOneModel({ name, problems }: VariantInput, pool: readonly Deployment[]): void {
  const models = [...new Set(pool.map((deployment) => deployment.model.id))];
  if (models.length === 1) return;
  problems.add(["variants", name, "pool"], {
    wanted: "deployments of one model, so that the variant is one thing to compare",
    actual: `those of ${models.join(" and ")}`,
  });
}

function checkParameters({ name, settings, problems }: VariantInput, { model }: Deployment): void {
  const path = ["variants", name, "parameters"];
  const { max_output_tokens: outputTokens, thinking } = settings.parameters;
  if (
    outputTokens !== undefined &&
    model.outputTokensMax !== undefined &&
    outputTokens > model.outputTokensMax
  ) {
    problems.add([...path, "max_output_tokens"], {
      wanted: `at most ${model.outputTokensMax}, the limit of ${model.id}`,
    });
  }
  const { mode, levels } = model.upstream.thinking;
  if (thinking === undefined || thinking === "none") return;
  if (mode === "none") {
    problems.add([...path, "thinking"], {
      wanted: `no such parameter, since ${model.id} is not known to think (or capabilities.thinking on its deployment)`,
    });
  } else if (levels && !levels.includes(thinking)) {
    problems.add([...path, "thinking"], { wanted: `one of ${levels.join(", ")}, the levels of ${model.id}` });
  }
}

function parametersOf({ parameters }: VariantSettings): VariantParameters {
  const { temperature, top_p, top_k, max_output_tokens, thinking, stop, seed } = parameters;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { topP: top_p }),
    ...(top_k !== undefined && { topK: top_k }),
    ...(max_output_tokens !== undefined && { maxOutputTokens: max_output_tokens }),
    ...(stop && { stop }),
    ...(seed !== undefined && { seed }),
    ...(thinking && { thinking: { level: thinking } }),
  };
}
