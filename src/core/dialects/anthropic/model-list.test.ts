import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isList, type JsonObject } from "#core/kernel/json.ts";
import { encodeModel, encodeModelList, type ModelPage } from "./model-list.ts";

const models = ["a", "b", "c", "d", "e"].map((id) => ({ id, createdSeconds: 0 }));

function page(asked: ModelPage) {
  const { data, has_more, first_id, last_id } = encodeModelList(models, asked);
  return {
    has_more,
    first_id,
    last_id,
    ids: isList(data) ? data.map((model) => (model as JsonObject)["id"]) : [],
  };
}

describe("the list of models", () => {
  test("tells of a model what is known", () => {
    expect(encodeModel({ id: "chat", createdSeconds: 1_700_000_000, inputTokensMax: 1000 })).toEqual({
      type: "model",
      id: "chat",
      display_name: "chat",
      created_at: "2023-11-14T22:13:20.000Z",
      max_input_tokens: 1000,
      max_tokens: null,
    });
  });

  test.each<readonly [ModelPage, readonly string[], boolean]>([
    [{ limit: 2 }, ["a", "b"], true],
    [{ limit: 5 }, ["a", "b", "c", "d", "e"], false],
    [{ limit: 2, afterId: "b" }, ["c", "d"], true],
    [{ limit: 2, afterId: "d" }, ["e"], false],
    [{ limit: 2, beforeId: "d" }, ["b", "c"], true],
    [{ limit: 2, beforeId: "b" }, ["a"], false],
  ])("%j is %j, and whether there is more is %j", (asked, ids, hasMore) => {
    expect(page(asked)).toEqual({ ids, has_more: hasMore, first_id: ids[0], last_id: ids.at(-1) });
  });

  test("around a model that is not there the page is empty", () => {
    for (const asked of [{ afterId: "x" }, { beforeId: "x" }]) {
      expect(page({ limit: 2, ...asked })).toEqual({
        ids: [],
        has_more: false,
        first_id: null,
        last_id: null,
      });
    }
  });

  test("law: page by page every model comes once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (limit) => {
        const seen: unknown[] = [];
        let asked: ModelPage = { limit };
        for (const _model of models) {
          const { ids, has_more, last_id } = page(asked);
          seen.push(...ids);
          if (has_more !== true || typeof last_id !== "string") break;
          asked = { limit, afterId: last_id };
        }
        expect(seen).toEqual(["a", "b", "c", "d", "e"]);
      }),
    );
  });
});
