import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8");

test("the configuration in docs/cost.md loads, with the price it writes", () => {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(document) ?? [];
  const loaded = loadConfiguration(text, () => undefined, { chains: [] });
  if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, "docs/cost.md")).join("\n"));
  expect(loaded.value.configuration.deployments.get("qwen")?.price).toEqual({
    periods: [
      {
        rates: { input: 100_000, cachedInput: 20_000, output: 300_000 },
        factors: { flex: percent(50), priority: percent(180) },
      },
    ],
  });
});

function percent(numerator: number) {
  const ratio = { numerator, denominator: 100 };
  return { tokens: ratio, cached: ratio };
}
