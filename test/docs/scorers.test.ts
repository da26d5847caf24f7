import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { pureScorerConfig, pureScorerConfigs } from "../../src/core/scoring/scorer-config.ts";

const text = readFileSync(new URL("../../docs/scorers.md", import.meta.url), "utf8");

test.each(pureScorerConfigs.map(({ shape }) => [shape.kind.value, Object.keys(shape)] as const))(
  "docs/scorers.md has the kind %s with its options",
  (kind, options) => {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${kind}\` |`)) ?? "";
    expect(row).not.toBe("");
    const told = options.filter((option) => !["kind", "reference", "expected"].includes(option));
    expect(told.filter((option) => !row.includes(`\`${option}\``))).toEqual([]);
  },
);

test("the example in docs/scorers.md is as the schema wants it", () => {
  const [, example = ""] = /```yaml\n([^]*?)```/.exec(text) ?? [];
  const read = z.object({ scorers: z.record(z.string(), pureScorerConfig) }).safeParse(parse(example));
  expect(read.error?.issues).toBeUndefined();
  expect(Object.keys(read.data?.scorers ?? {})).toHaveLength(3);
});
