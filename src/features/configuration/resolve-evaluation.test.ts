import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";

/** A configuration with one evaluation. */
function loaded(evaluation: string, route = "{ strategy: { use: chat } }", name = "quality") {
  const text = `version: 1
providers: { google: { dialect: gemini, emulate: always } }
deployments: { flash: { provider: google, model: gemini-3.8-flash } }
variants: { chat: { pool: [flash] } }
routes: { assistant: ${route}, judge: { strategy: { use: chat } } }
evaluations:
  ${name}: ${evaluation}
`;
  return loadConfiguration(text, () => undefined, { chains: [] });
}

function problems(evaluation: string, route?: string, name?: string): readonly string[] {
  const result = loaded(evaluation, route, name);
  if (result.ok) expect.unreachable("a configuration with problems is wanted");
  return result.error.map((problem) => problemText(problem, "f").replace(/^f:\d+:\d+ /, ""));
}

describe("an evaluation of live answers", () => {
  test("scores 5% where nothing is written, and spends pico-dollars", () => {
    const evaluation = must(
      loaded(
        "{ route: assistant, scorers: { polite: { kind: judge, model: judge, criteria: Polite }, short: { kind: tokens, max: 9 } }, budget: { usd_per_day: 0.5 } }",
      ),
    ).configuration.evaluations.get("quality");
    expect(evaluation).toMatchObject({
      name: "quality",
      routes: new Set(["assistant"]),
      sample: 0.05,
      budget: 500_000_000_000,
    });
    expect([...(evaluation?.scorers.keys() ?? [])]).toEqual(["polite", "short"]);
    expect(evaluation?.scorers.get("polite")).toMatchObject({ model: ["judge"], votes: 1, scale: "pass" });
  });

  test("needs a route that there is, and that captures", () => {
    expect(problems("{ route: asistant, scorers: { a: { kind: refusal } } }")).toEqual([
      'evaluations.quality.route: wanted one of assistant, judge (did you mean "assistant"?), got "asistant"',
    ]);
    expect(
      problems(
        "{ route: [judge, assistant], scorers: { a: { kind: refusal } } }",
        "{ capture: off, strategy: { use: chat } }",
      ),
    ).toEqual([
      'evaluations.quality.route: wanted a route that captures at least metadata: what was said of its requests is kept, got "assistant" with `capture: off`',
    ]);
  });

  test("needs scorers that know the answer alone", () => {
    expect(problems("{ route: assistant, scorers: {} }")).toEqual([
      "evaluations.quality.scorers: wanted at least one scorer, got a map",
    ]);
    expect(problems("{ route: assistant, scorers: { right: { kind: exact } } }")).toEqual([
      'evaluations.quality.scorers.right: wanted a scorer that needs the answer alone: live requests have no reference and no other fields, got exact, which needs the field "reference"',
    ]);
    expect(problems('{ route: assistant, scorers: { right: { kind: regex, pattern: "(" } } }')[0]).toContain(
      "evaluations.quality.scorers.right: wanted",
    );
    expect(problems("{ route: assistant, scorers: { right: { kind: code } } }")[0]).toMatch(
      /^evaluations\.quality\.scorers\.right.*: wanted a scorer whose kind is one of exact, .*judge, got/,
    );
  });

  test("with a judge needs a budget, and a judge that there is", () => {
    const judge = (model: string) => `polite: { kind: judge, model: ${model}, criteria: Polite }`;
    expect(problems(`{ route: assistant, scorers: { ${judge("judge")} } }`)).toEqual([
      "evaluations.quality.scorers.polite: wanted `budget: { usd_per_day: 5 }` beside the scorers, since judges cost money, got a judge without a budget",
    ]);
    expect(
      problems(`{ route: assistant, scorers: { ${judge("juge")} }, budget: { usd_per_day: 1 } }`)[0],
    ).toMatch(
      /^evaluations\.quality\.scorers\.polite\.model: wanted one of .*did you mean "judge".*got "juge"$/,
    );
  });

  test("has names that feedback can have, and is not called as what is beside it", () => {
    expect(problems("{ route: assistant, scorers: { a: { kind: refusal } } }", undefined, "runs")).toEqual([
      'evaluations.runs: wanted another name: `/api/evaluations/runs` has runs on data sets, got "runs"',
    ]);
    expect(problems(`{ route: assistant, scorers: { ${"x".repeat(60)}: { kind: refusal } } }`)[0]).toContain(
      "names that begin with a letter, at most 64 characters together",
    );
  });
});
