import { describe, expect, test } from "vitest";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";

function load(log: string) {
  const variable = (name: string) => (name === "GEMINI_API_KEY" ? "AIza-not-to-be-seen" : undefined);
  const text = `version: 1\nproviders: { google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}" } }\nlog: ${log}\n`;
  return loadConfiguration(text, variable, { chains: [] });
}

function problems(log: string): readonly string[] {
  const loaded = load(log);
  return loaded.ok ? [] : loaded.error.map((problem) => problemText(problem, "signalbox.yaml"));
}

describe("what is taken out of captured content", () => {
  test("is everything that can be found by its form, where nothing is written", () => {
    const loaded = load("{}");
    expect(loaded.ok && loaded.value.configuration.log.redaction).toEqual({
      detect: ["email", "card", "iban", "phone", "ip", "secret"],
      patterns: {},
    });
  });

  test("is what is written", () => {
    const loaded = load(
      String.raw`{ redact: { detect: [], patterns: { customer: '\bC-\d+' }, hook: ./redact.js } }`,
    );
    expect(loaded.ok && loaded.value.configuration.log.redaction).toEqual({
      detect: [],
      patterns: { customer: String.raw`\bC-\d+` },
      hook: "./redact.js",
    });
  });

  test("cannot be a pattern that is none, under a name that is no word, or something unknown", () => {
    expect(problems("{ redact: { patterns: { customer: '(' } } }")).toEqual([
      expect.stringContaining("log.redact.patterns.customer: wanted a regular expression"),
    ]);
    expect(problems("{ redact: { patterns: { 'Two words': 'x' } } }")).toEqual([
      expect.stringContaining("wanted a short word"),
    ]);
    expect(problems("{ redact: { detect: [names] } }")).toHaveLength(1);
  });

  test("cannot be a thousand patterns", () => {
    const patterns = Array.from({ length: 65 }, (_, at) => `p${at}: x`).join(", ");
    expect(problems(`{ redact: { patterns: { ${patterns} } } }`)).toEqual([
      expect.stringContaining("wanted at most 64 patterns"),
    ]);
  });
});
