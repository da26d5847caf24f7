import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";
import { root } from "../architecture/repository.ts";

const document = readFileSync(join(root, "docs/online-evaluation.md"), "utf8");

const around = `version: 1
providers: { google: { dialect: gemini, emulate: always } }
deployments: { flash: { provider: google, model: gemini-3.8-flash } }
variants: { support-flash: { pool: [flash] }, support-argon: { pool: [flash], parameters: { temperature: 0 } } }
routes: { support: { strategy: { use: support-flash } }, judge: { strategy: { use: support-flash } } }
`;

test("the evaluation and the experiment that are printed load together", () => {
  const printed = [...document.matchAll(/<!-- loads -->\n```yaml\n([^]*?)```/g)].map(([, yaml = ""]) => yaml);
  expect(printed).toHaveLength(2);
  const loaded = loadConfiguration(around + printed.join(""), () => undefined, { chains: [] });
  if (!loaded.ok) expect.unreachable(loaded.error.map((problem) => problemText(problem, "doc")).join("\n"));
  const { evaluations, experiments } = loaded.value.configuration;
  expect(evaluations.get("quality")?.scorers.size).toBe(5);
  expect([...experiments.keys()]).toEqual(["warmer-tone"]);
});
