import type { PrefillWay, UpstreamModel } from "#core/dialects/dialect.ts";
import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import type { ModelFacts } from "#core/routing/model-facts.ts";
import type { CatalogModel } from "./catalog-model.ts";
import { catalogModel } from "./catalog.ts";

/** What a deployment's configuration says about its model; what it leaves out is as the catalog has it, or neutral. */
export type ModelOverrides = Partial<Omit<ModelFacts, "id" | "end" | "upstream">> & {
  readonly thinking?: UpstreamModel["thinking"];
  readonly prefill?: PrefillWay | "none";
};

/** What routing and encoding must know of a model at a provider of that dialect. */
export function modelFacts(
  id: string,
  dialect: ProviderDialectName,
  overrides: ModelOverrides = {},
): ModelFacts {
  const model = catalogModel(id);
  const facts = model ? catalogFacts(model) : unknownFacts(id, dialect);
  const { thinking, prefill, ...rest } = overrides;
  return {
    ...facts,
    ...rest,
    ...(thinking && { thinks: thinking.mode !== "none" }),
    upstream: {
      ...facts.upstream,
      ...(thinking && { thinking }),
      ...(prefill !== undefined && prefillFacts(prefill)),
    },
  };
}

function prefillFacts(prefill: PrefillWay | "none"): Pick<UpstreamModel, "acceptsPrefill" | "prefill"> {
  if (prefill === "none") return { acceptsPrefill: false };
  return { acceptsPrefill: true, prefill };
}

/** What the encoder must know of a model at a provider of that dialect. */
export function upstreamModel(
  id: string,
  dialect: ProviderDialectName,
  overrides: ModelOverrides = {},
): UpstreamModel {
  return modelFacts(id, dialect, overrides).upstream;
}

function catalogFacts(model: CatalogModel): ModelFacts {
  const { shutDownOn, replacement } = model.lifecycle;
  return {
    id: model.id,
    operations: model.operations,
    contextTokens: model.contextTokens,
    outputSharesContext: model.outputSharesContext,
    ...(model.outputTokensMax !== undefined && { outputTokensMax: model.outputTokensMax }),
    media: model.media,
    tools: model.tools,
    structuredOutput: model.structuredOutput,
    thinks: model.thinking.mode !== "none",
    ...(shutDownOn !== undefined && {
      end: { atMs: Date.parse(shutDownOn), ...(replacement !== undefined && { replacement }) },
    }),
    upstream: {
      id: model.id,
      thinking: upstreamThinking(model),
      ignoresSampling: model.ignoresSampling,
      needsThoughtSignatures: model.needsThoughtSignatures,
      ...prefillFacts(model.acceptsPrefill ? "last-turn" : "none"),
    },
  };
}

function upstreamThinking({ thinking }: CatalogModel): UpstreamModel["thinking"] {
  return thinking.mode === "level" ? { mode: "level", levels: thinking.levels } : { mode: thinking.mode };
}

/**
 * A model that the catalog does not know: nothing excludes it beforehand, since its provider knows better. A Gemini
 * model is taken for one of the present generation; of other servers only what all of them accept is assumed.
 */
function unknownFacts(id: string, dialect: ProviderDialectName): ModelFacts {
  const isGemini = dialect === "gemini";
  return {
    id,
    operations: ["chat", "embeddings"],
    outputSharesContext: false,
    media: ["image", "audio", "video", "document"],
    tools: true,
    structuredOutput: true,
    upstream: {
      id,
      thinking: { mode: isGemini ? "level" : "none" },
      ignoresSampling: false,
      needsThoughtSignatures: isGemini,
      acceptsPrefill: !isGemini,
    },
  };
}
