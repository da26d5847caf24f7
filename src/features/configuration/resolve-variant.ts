import type { Deployment } from "#core/routing/deployment.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { Variant, VariantParameters } from "#core/routing/variant.ts";
import { contentHash } from "./content-hash.ts";
import type { ConfiguredPrompt } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import { resolvePromptReference, showsImages } from "./resolve-prompts.ts";
import type { VariantSettings } from "./schema/variant.ts";
import { knownNames } from "./suggestion.ts";

/** What a variant is resolved from. */
interface VariantInput {
  readonly name: string;
  readonly settings: VariantSettings;
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** Every name of a deployment, also of those that are wrong themselves. */
  readonly deploymentNames: ReadonlySet<string>;
  readonly prompts: ReadonlyMap<string, ConfiguredPrompt>;
  /** Every name of a prompt, also of those that are wrong themselves. */
  readonly promptNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Finds a variant's deployments and checks that its parameters suit their model. */
export function resolveVariant(input: VariantInput): Variant | undefined {
  const { name, settings, problems, deploymentNames } = input;
  for (const [index, member] of settings.pool.entries()) {
    if (deploymentNames.has(member)) continue;
    problems.add(["variants", name, "pool", index], { wanted: knownNames(member, deploymentNames) });
  }
  const prompt = promptOf(input);
  const pool = settings.pool.flatMap((member) => input.deployments.get(member) ?? []);
  const [first] = pool;
  if (!first || pool.length < settings.pool.length) return undefined;
  checkOneModel(input, pool);
  checkParameters(input, first);
  if (prompt) checkPrompt(input, prompt, first);
  return newVariant(name, pool, first, { parameters: parametersOf(settings), prompt });
}

/** The variant that stands for one deployment as it is. */
export function deploymentVariant(deployment: Deployment): Variant {
  return newVariant(deployment.name, [deployment], deployment, { parameters: {} });
}

function newVariant(
  name: string,
  pool: readonly Deployment[],
  { model }: Deployment,
  { parameters, prompt }: { readonly parameters: VariantParameters; readonly prompt?: Prompt | undefined },
): Variant {
  const said = prompt && { items: prompt.items, variables: [...prompt.variables] };
  const hash = contentHash({ model: model.id, parameters, ...(said && { prompt: said }) });
  return { name, hash, modelId: model.id, pool, parameters, ...(prompt && { prompt }) };
}

function promptOf({ name, settings, prompts, promptNames, problems }: VariantInput): Prompt | undefined {
  const { prompt: reference } = settings;
  if (reference === undefined) return undefined;
  return resolvePromptReference({ reference, variant: name, prompts, promptNames, problems });
}

function checkPrompt({ name, problems }: VariantInput, prompt: Prompt, { model }: Deployment): void {
  const path = ["variants", name, "prompt"];
  if (!model.operations.includes("chat"))
    problems.add(path, { wanted: `no such key, since ${model.id} does not chat` });
  else if (showsImages(prompt) && !model.media.includes("image"))
    problems.add(path, { wanted: `a prompt without pictures, since ${model.id} does not read any` });
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
