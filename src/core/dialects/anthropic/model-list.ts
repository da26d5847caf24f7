import type { JsonObject } from "#core/kernel/json.ts";

/** A name that a client can put into `model`. */
export interface ListedModel {
  readonly id: string;
  readonly displayName?: string;
  /** Seconds since 1970; 0 where it is not known, as Anthropic has it. */
  readonly createdSeconds: number;
  /** Tokens of the prompt at most. */
  readonly inputTokensMax?: number;
  /** Tokens of an answer at most. */
  readonly outputTokensMax?: number;
}

/** Which page of the list is asked for. https://docs.claude.com/en/api/models-list, read 2026-11-26 */
export interface ModelPage {
  /** Models on the page at most, >= 1. */
  readonly limit: number;
  /** The page begins behind this model. */
  readonly afterId?: string;
  /** The page ends before this model; counts only without `afterId`. */
  readonly beforeId?: string;
}

/** Writes a page of GET /v1/models. Around a model that is not there the page is empty. */
export function encodeModelList(models: readonly ListedModel[], page: ModelPage): JsonObject {
  const { from, to, hasMore } = rangeOf(
    models.map(({ id }) => id),
    page,
  );
  const shown = models.slice(from, to);
  return {
    data: shown.map(encodeModel),
    has_more: hasMore,
    first_id: shown[0]?.id ?? null,
    last_id: shown.at(-1)?.id ?? null,
  };
}

/** Writes one model of the list. */
export function encodeModel(model: ListedModel): JsonObject {
  return {
    type: "model",
    id: model.id,
    display_name: model.displayName ?? model.id,
    created_at: new Date(model.createdSeconds * 1000).toISOString(),
    max_input_tokens: model.inputTokensMax ?? null,
    max_tokens: model.outputTokensMax ?? null,
  };
}

/** Where a page begins and ends, and whether there is more in the direction that is asked for. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly hasMore: boolean;
}

const nowhere: Range = { from: 0, to: 0, hasMore: false };

function rangeOf(ids: readonly string[], { limit, afterId, beforeId }: ModelPage): Range {
  const around = afterId ?? beforeId;
  const at = around === undefined ? -1 : ids.indexOf(around);
  if (around !== undefined && at === -1) return nowhere;
  if (afterId === undefined && beforeId !== undefined) {
    const from = Math.max(0, at - limit);
    return { from, to: at, hasMore: from > 0 };
  }
  const from = at + 1;
  return { from, to: from + limit, hasMore: from + limit < ids.length };
}
