import { expect, test } from "vitest";
import { problemText } from "./problem.ts";
import { loadConfiguration } from "./load-configuration.ts";

const head = `version: 1
providers:
  eu: { dialect: openai-chat, base_url: "https://eu.example/v1", tags: { region: eu } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, cheap: { pool: [d] } }
routes:
  support:
`;

function problems(route: string): readonly string[] {
  const loaded = loadConfiguration(head + route, () => undefined, { chains: [] });
  return loaded.ok ? [] : loaded.error.map((problem) => problemText(problem, "f.yaml"));
}

test("a route with everything in it is accepted", () => {
  const route = `    strategy:
      first_match:
        - { when: { input_tokens: { $gt: 100000 } }, use: fast }
        - { when: { tags.tier: free, time.hour: { $gte: 8, $lt: 18, $zone: Europe/Berlin } }, use: cheap }
        - { when: { code: true }, use: { priority: [fast, cheap] } }
        - { use: { weighted: [{ share: 80%, use: fast }, { share: 20%, use: { round_robin: [fast, cheap] } }] } }
    requires: { region: [eu, ch] }
`;
  expect(problems(route)).toEqual([]);
});

test.each([
  [
    "an unknown variant, however deep",
    "    strategy:\n      first_match:\n        - { when: { turns: 1 }, use: { priority: [fast, cheep] } }\n        - { use: fast }\n",
    'f.yaml:10:57 routes.support.strategy.first_match: wanted one of fast, cheap (did you mean "cheap"?), got "cheep"',
  ],
  [
    "an unknown variant below `use`",
    "    strategy: { use: { priority: [fast, cheep] } }\n",
    'f.yaml:8:41 routes.support.strategy.priority: wanted one of fast, cheap (did you mean "cheap"?), got "cheep"',
  ],
  [
    "shares that do not sum, inside a list",
    "    strategy:\n      weighted:\n        - { share: 50%, use: fast }\n        - { share: 40%, use: cheap }\n",
    "f.yaml:10:9 routes.support.strategy.weighted: wanted shares that sum to 100%, got a sum of 90%",
  ],
  [
    "a cycle of strategies",
    "    strategy: &s\n      priority:\n        - fast\n        - *s\n",
    "f.yaml:11:11: wanted anchors that end, got one inside itself",
  ],
  [
    "a fallback twice",
    "    strategy: { use: fast }\n    fallbacks: [cheap, cheap]\n",
    "f.yaml:9:16 routes.support.fallbacks: wanted each fallback once, got a list",
  ],
  [
    "strategies inside each other without end",
    `    strategy: { ${"priority: [{ ".repeat(8)}priority: [fast]${" }]".repeat(8)} }\n`,
    "f.yaml:8:15 routes.support.strategy: wanted at most 8 strategies inside each other, got more",
  ],
  [
    "a field that there is not",
    "    strategy:\n      first_match:\n        - { when: { tag.tier: free }, use: fast }\n        - { use: cheap }\n",
    "f.yaml:10:21 routes.support.strategy.first_match.0.when.tag.tier: wanted one of operation, stream, input_tokens,",
  ],
  [
    "a pattern that could run long",
    "    strategy:\n      first_match:\n        - { when: { message: { $regex: '(a)\\\\1' } }, use: fast }\n        - { use: cheap }\n".replaceAll(
      "\\\\",
      "\\",
    ),
    "f.yaml:10:40 routes.support.strategy.first_match.0.when.message.$regex: wanted a regular expression of RE2",
  ],
  [
    "rules without a last one for all others",
    "    strategy:\n      first_match:\n        - { when: { turns: 1 }, use: fast }\n",
    "f.yaml:10:19 routes.support.strategy.first_match.0.when: wanted no `when` in the last rule",
  ],
  [
    "a rule that hides those behind it",
    "    strategy:\n      first_match:\n        - { use: cheap }\n        - { use: fast }\n",
    "f.yaml:10:11 routes.support.strategy.first_match.0: wanted `when`, since only the last rule may serve all",
  ],
  [
    "no deployment that has what the route requires",
    "    strategy: { use: fast }\n    requires: { region: us }\n",
    "f.yaml:9:15 routes.support.requires: wanted tags that the provider of at least one deployment of the route has, got none of d with them",
  ],
  [
    "tiers that do not rise",
    "    strategy: { complexity: { tiers: [{ below: 0.5, use: cheap }, { below: 0.4, use: fast }, { use: fast }] } }\n",
    "f.yaml:8:67 routes.support.strategy.complexity.tiers.1: wanted `below`, higher from tier to tier",
  ],
  [
    "a part that is neither a variant nor a strategy",
    "    strategy: { priority: [5] }\n",
    "f.yaml:8:28 routes.support.strategy.priority.0: wanted the name of a variant, or a strategy, got 5",
  ],
])("refused with line, wanted and actual: %s", (_what, route, wanted) => {
  const [first, ...others] = problems(route);
  expect(first?.slice(0, wanted.length)).toBe(wanted);
  expect(others).toEqual([]);
});
