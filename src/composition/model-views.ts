import {
  encodeModel as geminiModel,
  encodeModelList as geminiList,
} from "#core/dialects/gemini/model-list.ts";
import {
  encodeModel as openAiModel,
  encodeModelList as openAiList,
} from "#core/dialects/openai-chat/model-list.ts";
import type { ModelFacts } from "#core/routing/model-facts.ts";
import type { Route } from "#core/routing/route.ts";
import { catalogModel } from "#features/catalog/index.ts";
import { resolveTarget, targetNames, type Configuration } from "#features/configuration/index.ts";
import type { ModelViews } from "#http/data-plane/data-plane.ts";

/** Models on a page of Gemini's list when the client does not say, and at most. https://ai.google.dev/api/models, read 2026-11-24 */
const pageSizeDefault = 50;
const pageSizeMax = 1_000;

/** What a route or a deployment is to a client: something that can stand in `model`. */
interface NamedTarget {
  readonly name: string;
  readonly facts: ModelFacts;
  /** Day of the model's release, where the catalog knows it. */
  readonly releasedOn?: string;
  readonly displayName?: string;
  readonly description?: string;
}

/** The lists of models as each dialect's clients want to see them: routes first, then deployments, then the catalog. */
export function modelViews(configuration: Configuration): ModelViews {
  const targets = targetNames(configuration).flatMap((name) => namedTarget(configuration, name));
  return {
    list: (dialect, query) =>
      dialect === "gemini" ? geminiPage(targets, query) : openAiList(targets.map(openAiEntry)),
    one(dialect, name) {
      const target = targets.find((known) => known.name === name.replace(/^models\//, ""));
      if (!target) return undefined;
      return dialect === "gemini" ? geminiModel(geminiEntry(target)) : openAiModel(openAiEntry(target));
    },
  };
}

function namedTarget(configuration: Configuration, name: string): readonly NamedTarget[] {
  const route = resolveTarget(configuration, name);
  const facts = route && firstModel(route);
  if (!route || !facts) return [];
  if (route.kind === "route") return [{ name, facts, displayName: name, description: `Route ${name}` }];
  const model = catalogModel(facts.id);
  return [
    {
      name,
      facts,
      ...(model && { displayName: model.displayName, description: model.description }),
      ...(model?.lifecycle.releasedOn !== undefined && { releasedOn: model.lifecycle.releasedOn }),
    },
  ];
}

/** The model a route is described by: that of its first variant. */
function firstModel(route: Route): ModelFacts | undefined {
  const [variant] = route.variants.values();
  return variant?.pool[0]?.model;
}

function geminiPage(targets: readonly NamedTarget[], query: URLSearchParams) {
  const from = wholeNumber(query.get("pageToken")) ?? 0;
  const size = Math.min(wholeNumber(query.get("pageSize")) || pageSizeDefault, pageSizeMax);
  const next = from + size < targets.length ? String(from + size) : undefined;
  return geminiList(targets.slice(from, from + size).map(geminiEntry), next);
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function geminiEntry({ name, facts, displayName, description }: NamedTarget) {
  return {
    id: name,
    operations: facts.operations,
    thinks: facts.upstream.thinking.mode !== "none",
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(facts.contextTokens !== undefined && { inputTokensMax: facts.contextTokens }),
    ...(facts.outputTokensMax !== undefined && { outputTokensMax: facts.outputTokensMax }),
  };
}

function openAiEntry({ name, releasedOn }: NamedTarget) {
  return {
    id: name,
    createdSeconds: releasedOn === undefined ? 0 : Date.parse(releasedOn) / 1000,
    ownedBy: "signalbox",
  };
}
