import { describe, expect, test } from "vitest";
import { loadConfiguration, problemText } from "./index.ts";

const base = `version: 1
providers: { google: { dialect: gemini, api_key: "\${KEY}" } }
`;

function problemsOf(chains: string): string {
  const loaded = loadConfiguration(`${base}chains:\n${chains}`, () => "a-key", { chains: ["summarise"] });
  return loaded.ok ? "" : loaded.error.map((one) => problemText(one, "signalbox.yaml")).join("\n");
}

const ask = (text: string, more = "") => `[{ ask: { messages: [{ human: "${text}" }]${more} } }]`;

test("a chain is read with its defaults", () => {
  const loaded = loadConfiguration(
    `${base}chains:\n  mine: { variables: { text: {} }, steps: ${ask("{text}")} }`,
    () => "a-key",
    { chains: [] },
  );
  if (!loaded.ok) expect.unreachable(JSON.stringify(loaded.error));
  expect(loaded.value.configuration.ownChains.get("mine")).toEqual({
    route: undefined,
    serve: 1,
    versions: new Map([
      [
        1,
        {
          name: "mine",
          version: 1,
          description: 'The chain "mine" of the configuration.',
          variables: [
            { name: "text", type: "text", description: "", lengthMax: 100_000, example: "An example." },
          ],
          steps: [{ kind: "ask", messages: [["human", "{text}"]], output: { type: "text" } }],
          limits: { callsMax: 40, deadlineMs: 300_000, outputLengthMax: 1_000_000 },
          modelDefault: "gemini-3.5-flash-lite",
        },
      ],
    ]),
  });
});

describe("what is wrong is told with its place", () => {
  test.each([
    [
      "an unknown step",
      "  mine: { steps: [{ aks: {} }] }",
      /signalbox.yaml:4:\d+ chains.mine.steps.0.aks: wanted one of as, ask, .*\(did you mean "as[k]?"\?\), got an unknown key/,
    ],
    [
      "a step of two kinds",
      `  mine: { steps: [{ ask: { messages: [{ human: x }] }, fallback: { options: [${ask("x")}, ${ask("x")}] } }] }`,
      /chains.mine.steps.0: wanted exactly one of ask, parallel/,
    ],
    ["a wrong type", "  mine: { steps: ask }", /chains.mine.steps: wanted a list, got "ask"/],
    [
      "an unknown variable",
      `  mine: { variables: { text: {} }, steps: ${ask("{txet}")} }`,
      /chains.mine.steps.0.ask.messages.0.human: wanted one of text \(did you mean "text"\?\), got "txet", which no variable and no earlier step is called/,
    ],
    [
      "a name of a later step",
      `  mine: { steps: [{ ask: { messages: [{ human: "{b}" }] }, as: a }, { ask: { messages: [{ human: "{a}" }] }, as: b }] }`,
      /chains.mine.steps.0.ask.messages.0.human: .* got "b"/,
    ],
    ["a single brace", `  mine: { steps: ${ask("a } b")} }`, /wanted a template with \{name\}/],
    [
      "an unknown route",
      `  mine: { steps: ${ask("x", ", route: gone")} }`,
      /chains.mine.steps.0.ask.route: wanted one of .* got "gone"/,
    ],
    [
      "an unknown chain",
      "  mine: { steps: [{ call: { chain: sumarise, input: {} } }] }",
      /chains.mine.steps.0.call.chain: wanted one of summarise, mine \(did you mean "summarise"\?\), got "sumarise"/,
    ],
    [
      "a circle",
      "  a: { steps: [{ call: { chain: b, input: {} } }] }\n  b: { steps: [{ fallback: { options: [[{ call: { chain: a, input: {} } }], [{ call: { chain: a, input: {} } }]] } }] }",
      /signalbox.yaml:4:3 chains.a: wanted chains that do not call themselves, got the circle a -> b -> a/,
    ],
    [
      "an output of no form",
      `  mine: { steps: ${ask("x", ", output: { type: yaml }")} }`,
      /chains.mine.steps.0.ask.output.*: wanted an output of type text, json/,
    ],
    [
      "a pattern without named groups",
      `  mine: { steps: ${ask("x", ", output: { type: regex, pattern: '[0-9]+' }")} }`,
      /output.pattern: wanted a regular expression of RE2 .* with named groups, got no named group/,
    ],
    [
      "labels twice",
      `  mine: { variables: { l: { type: list } }, steps: ${ask("x", ", output: { type: enum, labels: [a], labels_from: l }")} }`,
      /output: wanted exactly one of labels, labels_from, got both/,
    ],
    [
      "a wrong condition",
      `  mine: { variables: { a: {} }, steps: [{ branch: { cases: [{ when: { a: { $is: 1 } }, steps: ${ask("x")} }], otherwise: ${ask("x")} } }] }`,
      /cases.0.when.a: wanted one of \$eq/,
    ],
    [
      "a version that there is not",
      `  mine: { versions: { 1: { steps: ${ask("x")} } }, serve: 2 }`,
      /chains.mine.serve: wanted one of 1/,
    ],
    [
      "a default of another type",
      `  mine: { variables: { a: { type: list, default: x } }, steps: ${ask("x")} }`,
      /chains.mine.variables.a.default: wanted a list of texts, got "x"/,
    ],
    ["no steps", "  mine: { versions: { 1: {} } }", /chains.mine.versions.1.steps: wanted a list of steps/],
    [
      "an endless one",
      `  mine: { steps: &s [{ map: { over: x, item: y, steps: *s } }] }`,
      /signalbox.yaml:4:\d+: wanted anchors that end/,
    ],
  ])("%s", (_what, chains, wanted) => {
    expect(problemsOf(chains)).toMatch(wanted);
  });
});
