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
  nested: { strategy: { use: { priority: [support-flash] } } }
  sticky: { strategy: { consistent_hash: { by: unit, shares: { support-flash: 100.0% } } } }
  list:
    strategy:
      weighted:
        # the most
        - share: 80% # of all
          use: support-flash
        - share: "20%"
          use:
            priority: [support-flash] # one
      # behind
  lines:
    strategy:
      use: # for now
        first_match:
          - { when: { code: true }, use: support-flash } # first

          - { use: support-flash }
    priority: high
  shared: { strategy: &all { weighted: { support-flash: 100% } } }
  other: { strategy: *all }
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

test("what a model does and costs is written with it", () => {
  const text = withDeployment(written, {
    ...lite,
    operations: ["embeddings"],
    price: { input: "$0.10", output: "$0", cached_input: "$0.01" },
  });
  expect(text).toContain(
    "lite: { provider: google, model: gemini-3.5-flash-lite, capabilities: { operations: [ embeddings ] }, price: { input: $0.10, output: $0, cached_input: $0.01 } }\n",
  );
});

test.each([
  { route: "support", from: "{ support-flash: 100% }", to: "{ support-flash: 95%, lite: 5% }" },
  { route: "always", from: "{ use: support-flash }", to: "{ weighted: { support-flash: 95%, lite: 5% } }" },
  {
    route: "nested",
    from: "{ use: { priority: [support-flash] } }",
    to: "{ weighted: [{ share: 95%, use: { priority: [support-flash] } }, { share: 5%, use: lite }] }",
  },
  { route: "sticky", from: "{ support-flash: 100.0% }", to: "{ support-flash: 95%, lite: 5% }" },
])("a share of the route $route changes its strategy there, and nothing else", ({ route, from, to }) => {
  const text = withDeployment(written, { ...lite, route: { name: route, share: 0.05 } });
  const deployment = "  lite: { provider: google, model: gemini-3.5-flash-lite }\n";
  expect(text.replace(deployment, "").replace("  lite: { pool: [ lite ] }\n", "").replace(to, from)).toBe(
    written,
  );
  expect(sharesOf(text, route)).toBeDefined();
});

test("each of the others keeps its relation to the rest", () => {
  const text = withDeployment(written, { ...lite, route: { name: "support", share: 0.05 } });
  const again = withDeployment(text, { ...lite, name: "more", route: { name: "support", share: 0.2 } });
  expect(sharesOf(again, "support")).toEqual({ "support-flash": "76%", lite: "4%", more: "20%" });
});

test("shares that are a list, over many lines, are scaled in their places, comments and all", () => {
  const text = withDeployment(written, { ...lite, route: { name: "list", share: 0.1 } });
  expect(text).toContain(`      weighted:
        # the most
        - share: 72% # of all
          use: support-flash
        - share: "18%"
          use:
            priority: [support-flash] # one
        - { share: 10%, use: lite }
      # behind
`);
});

test("a strategy that is used, over many lines, becomes a part, comments and all", () => {
  const text = withDeployment(written, { ...lite, route: { name: "lines", share: 0.1 } });
  expect(text).toContain(`    strategy:
      weighted:
        - share: 90%
          use: # for now
            first_match:
              - { when: { code: true }, use: support-flash } # first

              - { use: support-flash }
        - { share: 10%, use: lite }
    priority: high
`);
  expect(sharesOf(text, "lines")).toHaveLength(2);
});

test.each([
  {
    route: "first",
    text: "it is `priority`; leave the share out and write it into the configuration as `weighted: [{ share: 90%, use: { priority: ... } }, { share: 10%, use: lite }]`",
  },
  { route: "shared", text: "an anchor or an alias stands in it" },
  { route: "nothing", text: "it is not written there" },
])("a share of the route $route is refused: $text", ({ route, text }) => {
  expect(() => withDeployment(written, { ...lite, route: { name: route, share: 0.1 } })).toThrow(text);
});

test.each([
  { what: "an empty one", written: "", text: "version: 1\ndeployments:\n  lite: ENTRY\n" },
  { what: "one of comments", written: "# mine", text: "# mine\nversion: 1\ndeployments:\n  lite: ENTRY\n" },
  {
    what: "one with an empty section",
    written: "version: 1\ndeployments: # none\nroutes: {}",
    text: "version: 1\ndeployments: # none\n  lite: ENTRY\nroutes: {}",
  },
  {
    what: "one with an empty map",
    written: "version: 1\ndeployments: {} # none",
    text: "version: 1\ndeployments: { lite: ENTRY } # none",
  },
  {
    what: "one that is JSON",
    written: '{"version": 1, "deployments": {"flash": {"provider": "google", "model": "m"}}}',
    text: '{"version": 1, "deployments": {"flash": {"provider": "google", "model": "m"}, lite: ENTRY}}',
  },
  {
    what: "one without a line's end",
    written: "version: 1\ndeployments:\n    flash:\n        provider: google\n        model: m # last",
    text: "version: 1\ndeployments:\n    flash:\n        provider: google\n        model: m # last\n    lite: ENTRY\n",
  },
])("a configuration gets what it needs: $what", ({ written: before, text }) => {
  const entry = "{ provider: google, model: gemini-3.5-flash-lite }";
  expect(withDeployment(before, lite)).toBe(text.replace("ENTRY", entry));
});

test("a section that stands elsewhere is refused", () => {
  expect(() => withDeployment("version: 1\nx: &d {}\ndeployments: *d\n", lite)).toThrow(
    "Cannot add to `deployments`",
  );
});

test("however often shares are taken, they sum to 100% exactly, and load", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 12 }), (percents) => {
      let text = written;
      for (const [at, percent] of percents.entries())
        text = withDeployment(text, {
          ...lite,
          name: `d${at}`,
          route: { name: "support", share: percent / 100 },
        });
      const shares = Object.values(sharesOf(text, "support") ?? {}).map(String);
      expect(shares).toHaveLength(percents.length + 1);
      const units = shares.map((one) => Math.round(Number.parseFloat(one) * 10_000));
      expect(units.reduce((sum, unit) => sum + unit, 0)).toBe(1_000_000);
    }),
    { numRuns: 50 },
  );
});
