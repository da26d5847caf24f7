import { expect, test } from "vitest";
import { catalogModels } from "#features/catalog/index.ts";
import { emulationProblem, isLoopbackHost } from "./emulation.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { resolveTarget, targetNames, targetSuggestions } from "./resolve-target.ts";

const loaded = loadConfiguration(
  `version: 1
providers:
  google: { dialect: gemini, emulate: always }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
variants:
  flash: { pool: [flash, gemini-3.8-flash], parameters: { max_output_tokens: 10 } }
routes:
  support: { strategy: { use: flash } }
`,
  () => undefined,
  { chains: [] },
);
if (!loaded.ok) throw new Error("the example is valid");
const { configuration } = loaded.value;

test("a route is found by its name", () => {
  expect(resolveTarget(configuration, "support")).toBe(configuration.routes.get("support"));
});

test("every catalog model is found by its own name", () => {
  for (const { id } of catalogModels()) {
    const route = resolveTarget(configuration, id);
    expect(route).toMatchObject({ name: id, kind: "model", fallbacks: [] });
    expect(route?.variants.get(id)?.pool).toEqual([configuration.deployments.get(id)]);
  }
});

test("a deployment is found by its name, as it is, also where a variant has the same name", () => {
  const route = resolveTarget(configuration, "flash");
  expect(route?.kind).toBe("deployment");
  expect(route?.variants.get("flash")).toMatchObject({ parameters: {}, pool: [{ name: "flash" }] });
});

test("a variant is found on the terms of a route, and is one and the same each time", () => {
  const target = resolveTarget(configuration, "support/flash");
  const support = configuration.routes.get("support");
  expect(target).toMatchObject({ name: "support/flash", fallbacks: [], deadlines: support?.deadlines });
  expect([...(target?.variants.keys() ?? [])]).toEqual(["flash"]);
  expect(resolveTarget(configuration, "support/flash")).toBe(target);
});

test.each(["support/", "/flash", "support/gone", "flash/flash", "support/flash/flash"])(
  'nothing stands behind "%s"',
  (name) => {
    expect(resolveTarget(configuration, name)).toBeUndefined();
  },
);

test("nothing stands behind other names", () => {
  expect(resolveTarget(configuration, "nothing")).toBeUndefined();
  expect(resolveTarget(configuration, "__proto__")).toBeUndefined();
});

test("names close to an unknown one are suggested", () => {
  expect(targetSuggestions(configuration, "suport")).toEqual(["support"]);
  expect(targetSuggestions(configuration, "gemini-3.8-flahs")[0]).toBe("gemini-3.8-flash");
  expect(targetSuggestions(configuration, "x".repeat(100_000))).toEqual([]);
});

test("routes are listed first, catalog models last", () => {
  expect(targetNames(configuration).slice(0, 2)).toEqual(["support", "flash"]);
  expect(targetNames(configuration)).toHaveLength(2 + catalogModels().length);
});

test.each(["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])(
  "%s is this machine",
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
    expect(emulationProblem(configuration, host)).toBeUndefined();
  },
);

test.each(["0.0.0.0", "::", "10.0.0.5", "example.com", "127.0.0.1.example.com", "127.0.0.999", ""])(
  "%s is beyond this machine: emulation refuses to start there",
  (host) => {
    expect(isLoopbackHost(host)).toBe(false);
    expect(emulationProblem(configuration, host)).toContain('Cannot emulate provider "google"');
  },
);

test("without an emulated provider any address will do", () => {
  const real = loadConfiguration("", () => "key", { chains: [] });
  if (!real.ok) expect.unreachable();
  expect(emulationProblem(real.value.configuration, "0.0.0.0")).toBeUndefined();
});
