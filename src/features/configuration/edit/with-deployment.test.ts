import fc from "fast-check";
import { expect, test } from "vitest";
import { loadConfiguration } from "../load-configuration.ts";
import { withDeployment } from "./with-deployment.ts";

const written = `# Ours
version: 1
providers:
  google: { dialect: gemini, emulate: always } # a key later
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
variants:
  support-flash: { pool: [ flash ], parameters: { max_output_tokens: 800 } } # a long line that stays one line, whatever the width of the page may be
routes:
  # People wait for this one.
  support:
    strategy: { weighted: { support-flash: 100% } }
  always: { strategy: { use: support-flash } }
  first: { strategy: { priority: [ support-flash ] } }
`;

const lite = { name: "lite", provider: "google", model: "gemini-3.5-flash-lite" };

function sharesOf(text: string, route: string): unknown {
  const loaded = loadConfiguration(text, () => undefined, { chains: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.configuration.routes.get(route)?.strategy.settings;
}

test("a deployment is one line more, and nothing else changes", () => {
  const text = withDeployment(written, lite);
  const line = "  lite: { provider: google, model: gemini-3.5-flash-lite }\n";
  expect(text).toContain(line);
  expect(text.replace(line, "")).toBe(written);
});

test("a share of a route makes room among the others, in their relation", () => {
  const text = withDeployment(written, { ...lite, route: { name: "support", share: 0.05 } });
  expect(sharesOf(text, "support")).toEqual({ "support-flash": "95%", lite: "5%" });
  const again = withDeployment(text, { ...lite, name: "more", route: { name: "support", share: 0.2 } });
  expect(sharesOf(again, "support")).toEqual({ "support-flash": "76%", lite: "4%", more: "20%" });
});

test("a route with one variant gets shares", () => {
  const text = withDeployment(written, { ...lite, route: { name: "always", share: 0.1 } });
  expect(sharesOf(text, "always")).toEqual({ "support-flash": "90%", lite: "10%" });
});

test.each(["first", "nothing"])("a share of the route %s, which has none, is refused", (name) => {
  expect(() => withDeployment(written, { ...lite, route: { name, share: 0.1 } })).toThrow(
    /^Cannot give a share of route/,
  );
});

test("an empty configuration gets what it needs", () => {
  expect(withDeployment("", lite)).toBe(
    "version: 1\ndeployments:\n  lite: { provider: google, model: gemini-3.5-flash-lite }\n",
  );
});

test("however often shares are taken, they sum to 100% and load", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 12 }), (percents) => {
      let text = written;
      for (const [at, percent] of percents.entries())
        text = withDeployment(text, {
          ...lite,
          name: `d${at}`,
          route: { name: "support", share: percent / 100 },
        });
      expect(Object.keys(sharesOf(text, "support") ?? {})).toHaveLength(percents.length + 1);
    }),
    { numRuns: 50 },
  );
});
