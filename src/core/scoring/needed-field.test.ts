import { expect, test } from "vitest";
import { neededField } from "./needed-field.ts";
import { pureScorerConfig, pureScorerConfigs } from "./scorer-config.ts";

test.each([
  [{ kind: "refusal" }, undefined],
  [{ kind: "latency", max_ms: 2_000 }, undefined],
  [{ kind: "contains" }, "reference"],
  [{ kind: "contains", expected: ["sorry"], wanted: "none" }, undefined],
  [{ kind: "regex", pattern: "a(b)" }, undefined],
  [{ kind: "regex", pattern: "a(b)", group: 1, reference: "right" }, "right"],
  [{ kind: "json_schema", schema: { type: "object" } }, undefined],
  [{ kind: "json_schema", reference: "schema" }, "schema"],
  [{ kind: "pii" }, undefined],
  [{ kind: "pii", allowed: "question" }, "question"],
  [{ kind: "ifeval" }, "instruction_id_list"],
])("%j needs of an item: %s", (written, field) => {
  expect(neededField(pureScorerConfig.parse(written))).toBe(field);
});

test("whoever compares needs a reference, unless it is written", () => {
  for (const { shape } of pureScorerConfigs) {
    if (!("expected" in shape)) continue;
    const [kind] = shape.kind.values;
    const written = kind === "regex" ? { kind, pattern: "(a)", group: 1 } : { kind };
    const read = pureScorerConfig.safeParse(written);
    if (!read.success) continue;
    expect(neededField(read.data)).toBe("reference");
    expect(neededField(pureScorerConfig.parse({ ...written, expected: "x" }))).toBeUndefined();
  }
});
