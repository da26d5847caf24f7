import {
  encodeModel as anthropicModel,
  encodeModelList as anthropicList,
  type ListedModel as AnthropicModel,
} from "#core/dialects/anthropic/model-list.ts";
import {
  encodeModel as geminiModel,
  encodeModelList as geminiList,
} from "#core/dialects/gemini/model-list.ts";
import {
  encodeModel as openAiModel,
  encodeModelList as openAiList,
} from "#core/dialects/openai-chat/model-list.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { ModelFacts } from "#core/routing/model-facts.ts";
import type { Route } from "#core/routing/route.ts";
import { catalogModel } from "#features/catalog/index.ts";
import { resolveTarget, targetNames, type Configuration } from "#features/configuration/index.ts";
import type { ModelViews } from "#http/data-plane/data-plane.ts";

/** Models on a page of a list when the client does not say, and at most. */
interface PageSizes {
  readonly usual: number;
  readonly max: number;
}

/** https://ai.google.dev/api/models, read 2026-11-24 */
const geminiSizes: PageSizes = { usual: 50, max: 1_000 };
/** https://docs.claude.com/en/api/models-list, read 2026-11-26 */
const anthropicSizes: PageSizes = { usual: 20, max: 1_000 };

/** What a route or a deployment is to a client: something that can stand in `model`. */
interface NamedTarget {
  readonly name: string;
  readonly facts: ModelFacts;
  /** Day of the model's release, where the catalog knows it. */
  readonly releasedOn?: string;
  readonly displayName?: string;
  readonly description?: string;
}

/** The list and its entries as the clients of a dialect want to see them. */
interface DialectView {
  list(targets: readonly NamedTarget[], query: URLSearchParams): JsonObject;
  one(target: NamedTarget): JsonObject;
}

const openAiView: DialectView = {
  list: (targets) => openAiList(targets.map(openAiEntry)),
  one: (target) => openAiModel(openAiEntry(target)),
};

const views: Readonly<Record<DialectName, DialectView>> = {
  gemini: { list: geminiPage, one: (target) => geminiModel(geminiEntry(target)) },
  "openai-chat": openAiView,
  "openai-responses": openAiView,
  anthropic: { list: anthropicPage, one: (target) => anthropicModel(anthropicEntry(target)) },
};

/** The lists of models as each dialect's clients want to see them: routes first, then deployments, then the catalog. */
export function modelViews(configuration: Configuration): ModelViews {
  const targets = targetNames(configuration).flatMap((name) => namedTarget(configuration, name));
  return {
    list: (dialect, query) => views[dialect].list(targets, query),
    one(dialect, name) {
      const target = targets.find((known) => known.name === name.replace(/^models\//, ""));
      return target && views[dialect].one(target);
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

function geminiPage(targets: readonly NamedTarget[], query: URLSearchParams): JsonObject {
  const from = wholeNumber(query.get("pageToken")) ?? 0;
  const size = pageSize(query.get("pageSize"), geminiSizes);
  const next = from + size < targets.length ? String(from + size) : undefined;
  return geminiList(targets.slice(from, from + size).map(geminiEntry), next);
}

function anthropicPage(targets: readonly NamedTarget[], query: URLSearchParams): JsonObject {
  return anthropicList(targets.map(anthropicEntry), {
    limit: pageSize(query.get("limit"), anthropicSizes),
    ...present({
      afterId: query.get("after_id") ?? undefined,
      beforeId: query.get("before_id") ?? undefined,
    }),
  });
}

function pageSize(asked: string | null, { usual, max }: PageSizes): number {
  return Math.min(wholeNumber(asked) || usual, max);
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
  return { id: name, createdSeconds: secondsOf(releasedOn), ownedBy: "signalbox" };
}

function anthropicEntry({ name, facts, displayName, releasedOn }: NamedTarget): AnthropicModel {
  return {
    id: name,
    createdSeconds: secondsOf(releasedOn),
    ...present({
      displayName,
      inputTokensMax: facts.contextTokens,
      outputTokensMax: facts.outputTokensMax,
    }),
  };
}

/** The beginning of a day in seconds since 1970; 0 where it is not known. */
function secondsOf(day: string | undefined): number {
  return day === undefined ? 0 : Date.parse(day) / 1000;
}
