import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRunScorer, scorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";
import { lonelyContext } from "#features/evaluations/scorers/scorer-context.test-support.ts";
import { itemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { must } from "../../../../test/support/must.ts";
import { bundledSets } from "./bundled-sets.ts";
import { dataSchema } from "./data-set-options.ts";
import { openData } from "./open-data.ts";

/** How many items each has, and what its first one is called. */
const known = [
  ["banking77", 3_080, "d8a100ef60d77d53", "right"],
  ["bbh", 6_511, "boolean_expressions-0", "right"],
  ["gsm8k", 1_319, "d975fa1ff1b1742a", "right"],
  ["humaneval", 164, "HumanEval/0", "passes"],
  ["ifeval", 541, "1000", "strict"],
  ["llmbar", 419, "Adversarial/GPTInst-0", "right"],
  ["mt_bench", 80, "81", "helpful"],
] as const;

async function open(written: unknown) {
  return openData(dataSchema.parse(written), { folder: "/nowhere", sets: await bundledSets() });
}

const opened = async (written: unknown) => must(await open(written));

describe("bundled data sets", () => {
  test.each(known)(
    "%s is whole, and each item can be asked and scored",
    async (set, count, first, scorer) => {
      const data = await opened({ set, split: "test", judge: "judge" });
      const usual = data.usual ?? expect.unreachable("a bundled set has something usual");
      expect(Object.keys(usual.scorers)).toContain(scorer);
      for (const config of Object.values(usual.scorers))
        must(makeRunScorer(scorerConfig.parse(config), lonelyContext()));
      const prompt = must(itemPrompt(usual.prompt));
      const reading = data.read();
      const ids: string[] = [];
      for await (const { id, fields } of reading.items) {
        ids.push(id);
        const [message] = must(prompt(fields));
        expect(message).toMatchObject({ role: "user" });
      }
      expect(ids).toHaveLength(count);
      expect(ids[0]).toBe(first);
      expect(reading.report()).toMatchObject({
        isWhole: true,
        refused: [],
        repeatedRows: 0,
        splits: { test: count },
      });
    },
  );

  test("are listed each with a source and a licence", async () => {
    const sets = await bundledSets();
    expect(sets.map(({ name }) => name)).toEqual(known.map(([name]) => name));
    const sources = await readFile(join(import.meta.dirname, "bundled/SOURCES.md"), "utf8");
    for (const { path, licence } of sets) {
      const row = sources.split("\n").find((line) => line.startsWith(`| ${path.split("/").at(-1) ?? ""} |`));
      expect(row).toContain(licence);
    }
  });

  test("without a judge have no scorers that are one", async () => {
    expect((await opened({ set: "mt_bench" })).usual?.scorers).toEqual({});
  });

  test("of a name that none has are refused", async () => {
    expect(await open({ set: "../gsm8k" })).toEqual({
      ok: false,
      error: "one of banking77, bbh, gsm8k, humaneval, ifeval, llmbar, mt_bench",
    });
  });
});

describe("data of an evaluation", () => {
  test("names either a file or a set", () => {
    for (const written of [{}, { file: "a.jsonl", set: "gsm8k" }])
      expect(dataSchema.safeParse(written).error?.issues[0]?.message).toBe("exactly one of file and set");
  });

  test("may read the same set in parts, each time from its beginning", async () => {
    const data = await opened({ set: "gsm8k", sample: { size: 20 }, limit: 5 });
    const once = await Array.fromAsync(data.read().items);
    expect(once).toHaveLength(5);
    expect(await Array.fromAsync(data.read().items)).toEqual(once);
  });
});
