import { expect, test } from "vitest";
import { catalogModel, lifecycleAt } from "#features/catalog/index.ts";
import { readInput } from "#features/chains/chain-input.ts";
import { summarise } from "./summarise.ts";

test("its default model chats, is alive and reads the longest text it accepts", () => {
  const model = catalogModel(summarise.modelDefault);
  if (!model) throw new Error("The catalog does not know the default model");
  expect(model.operations).toContain("chat");
  expect(lifecycleAt(model, Date.UTC(2026, 10, 25)).state).toBe("active");
  const lengthMax = summarise.variables.find(({ name }) => name === "text")?.lengthMax ?? 0;
  // Even where every character is a token.
  expect(lengthMax).toBeLessThan(model.contextTokens ?? 0);
});

test("its examples are accepted", () => {
  const examples = Object.fromEntries(summarise.variables.map(({ name, example }) => [name, example]));
  expect(readInput(summarise, examples)).toEqual(examples);
});
