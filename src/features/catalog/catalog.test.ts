import { describe, expect, test } from "vitest";
import { catalogModel, catalogModels, lifecycleAt, modelFacts, upstreamModel } from "./index.ts";
import type { CatalogModel } from "./index.ts";

function known(id: string): CatalogModel {
  const model = catalogModel(id);
  if (!model) expect.unreachable(`the catalog has ${id}`);
  return model;
}

describe("the catalog", () => {
  test("has each id once", () => {
    const ids = catalogModels().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("gemini-3.8-flash");
  });

  test("names only replacements and successors that it has, and that are no older than the model", () => {
    for (const { id, lifecycle } of catalogModels()) {
      for (const other of [lifecycle.replacement, lifecycle.routedTo]) {
        if (other === undefined) continue;
        expect(known(other).lifecycle.shutDownOn).toBeUndefined();
        expect(other > id).toBe(true);
      }
    }
  });

  test("has a replacement for every deprecated model", () => {
    for (const { lifecycle } of catalogModels().filter((model) => model.lifecycle.deprecated)) {
      expect(lifecycle.replacement).toBeDefined();
    }
  });

  test("has days that are dates, and defaults of thinking that are among the levels", () => {
    for (const { lifecycle, thinking } of catalogModels()) {
      for (const day of [lifecycle.releasedOn, lifecycle.shutDownOn]) {
        if (day !== undefined) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
      }
      if (thinking.mode === "level" && thinking.levelDefault !== undefined) {
        expect(thinking.levels).toContain(thinking.levelDefault);
      }
    }
  });

  test("does not know other models", () => {
    expect(catalogModel("qwen3-32b")).toBeUndefined();
    expect(catalogModel("constructor")).toBeUndefined();
  });
});

describe("the rules per generation", () => {
  test.each([
    ["gemini-2.5-flash", { ignoresSampling: false, needsThoughtSignatures: false, acceptsPrefill: true }],
    ["gemini-3.5-flash-lite", { ignoresSampling: false, needsThoughtSignatures: true, acceptsPrefill: true }],
    ["gemini-3.6-flash", { ignoresSampling: true, needsThoughtSignatures: true, acceptsPrefill: false }],
    ["gemini-4-argon", { ignoresSampling: true, needsThoughtSignatures: true, acceptsPrefill: false }],
  ])("%s", (id, rules) => {
    expect(upstreamModel(id, "gemini")).toMatchObject(rules);
  });

  test("effort is given by tokens to 2.5 and by level from 3 on", () => {
    expect(upstreamModel("gemini-2.5-pro", "gemini").thinking).toEqual({ mode: "budget" });
    expect(upstreamModel("gemini-4-hydrogen", "gemini").thinking).toEqual({
      mode: "level",
      levels: ["low", "medium", "high", "xhigh"],
    });
  });
});

describe("the lifecycle", () => {
  const shutDownMs = Date.parse("2026-12-01T00:00:00Z");

  test("a deprecated model works until the day of its shutdown begins", () => {
    const flash = known("gemini-2.5-flash");
    const rest = { replacement: "gemini-3.5-flash-lite", shutDownOn: "2026-12-01" };
    expect(lifecycleAt(flash, shutDownMs - 1)).toEqual({ state: "deprecated", ...rest });
    expect(lifecycleAt(flash, shutDownMs)).toEqual({ state: "shut-down", ...rest });
  });

  test("an announced end alone does not deprecate", () => {
    expect(lifecycleAt(known("gemini-3.1-flash-lite"), shutDownMs).state).toBe("active");
    expect(lifecycleAt(known("gemini-3.1-flash-lite"), Date.parse("2027-05-07")).state).toBe("shut-down");
  });

  test("routing learns of the end", () => {
    expect(modelFacts("gemini-2.5-pro", "gemini").end).toEqual({
      atMs: shutDownMs,
      replacement: "gemini-3.8-flash",
    });
  });
});

describe("a model that the catalog does not know", () => {
  test("is excluded by nothing, and asked for no effort at a server of another dialect", () => {
    const facts = modelFacts("qwen3-32b", "openai-chat");
    expect(facts.contextTokens).toBeUndefined();
    expect(facts.outputTokensMax).toBeUndefined();
    expect(facts).toMatchObject({ operations: ["chat", "embeddings"], tools: true, structuredOutput: true });
    expect(facts.upstream.thinking).toEqual({ mode: "none" });
  });

  test("is what its deployment says it is", () => {
    const facts = modelFacts("qwen3-32b", "openai-chat", {
      contextTokens: 32_768,
      media: [],
      thinking: { mode: "level", levels: ["low", "high"] },
    });
    expect(facts).toMatchObject({ contextTokens: 32_768, media: [], tools: true });
    expect(facts.upstream.thinking).toEqual({ mode: "level", levels: ["low", "high"] });
    expect(facts).not.toHaveProperty("thinking");
  });

  test("is taken for one of the present generation when it is a Gemini model", () => {
    expect(upstreamModel("gemini-5-neon", "gemini")).toMatchObject({
      thinking: { mode: "level" },
      needsThoughtSignatures: true,
    });
  });
});
