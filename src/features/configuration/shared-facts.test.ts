import { expect, test } from "vitest";
import { loadConfiguration } from "./load-configuration.ts";

test("deployments of which the same is known share it; one of which something else is said does not", () => {
  const loaded = loadConfiguration(
    `version: 1
providers:
  one: { dialect: gemini, api_key: "\${KEY}" }
  two: { dialect: gemini, api_key: "\${KEY}" }
deployments:
  a: { provider: one, model: gemini-3.8-flash }
  b: { provider: two, model: gemini-3.8-flash }
  c: { provider: two, model: gemini-3.8-flash, capabilities: { tools: false } }
`,
    () => "key",
    { chains: [] },
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const [a, b, c] = ["a", "b", "c"].map((name) => loaded.value.configuration.deployments.get(name)?.model);
  expect(a).toBeDefined();
  expect(b).toBe(a);
  expect(c).not.toBe(a);
  expect(c?.tools).toBe(false);
});
