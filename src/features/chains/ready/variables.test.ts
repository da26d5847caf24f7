import { describe, expect, test } from "vitest";
import type { AskStep, ChainStep, OutputSpec } from "#core/chains/chain-definition.ts";
import { templateNames } from "#core/chains/template-names.ts";
import { compileValueCondition } from "#core/chains/value-condition.ts";
import { chainDefinitions } from "#features/chains/chain-definitions.ts";

/** What steps name, and what they leave behind under a name. */
interface Names {
  readonly used: readonly string[];
  readonly made: readonly string[];
}

describe.each(chainDefinitions)("the ready chain $name", ({ variables, steps }) => {
  const declared = variables.map(({ name }) => name);
  const { used, made } = namesOf(steps);

  test("names nothing but its variables and what its steps leave behind", () => {
    expect([...declared, ...made]).toEqual(expect.arrayContaining([...used]));
  });

  test("uses each variable that it declares", () => {
    expect(used).toEqual(expect.arrayContaining(declared));
  });
});

function namesOf(steps: readonly ChainStep[]): Names {
  return joined(
    steps.map((step) => {
      const own = namesOfStep(step);
      return step.as === undefined ? own : joined([own, { used: [], made: [step.as] }]);
    }),
  );
}

function namesOfStep(step: ChainStep): Names {
  switch (step.kind) {
    case "ask":
    case "tools":
      return { used: asked(step), made: [] };
    case "parallel":
      return joined(Object.values(step.branches).map(namesOf));
    case "branch":
      return joined([
        { used: step.cases.flatMap(({ when }) => conditionNames(when)), made: [] },
        ...[...step.cases.map((one) => one.steps), step.otherwise].map(namesOf),
      ]);
    case "map":
      return joined([{ used: [step.over], made: [step.item] }, namesOf(step.steps)]);
    case "fallback":
      return joined(step.options.map(namesOf));
    case "call":
      return { used: Object.values(step.input).flatMap(namesIn), made: [] };
    case "module":
      throw new Error("A ready chain has no module: its variables could not be read");
  }
}

function asked({ messages, output }: Pick<AskStep, "messages" | "output">): readonly string[] {
  return [...messages.flatMap(([, text]) => namesIn(text)), ...outputNames(output)];
}

function outputNames(output: OutputSpec): readonly string[] {
  switch (output.type) {
    case "json":
      return present(output.schemaFrom);
    case "enum":
      return present(output.labelsFrom);
    case "sql":
      return present(output.dialectFrom);
    case "citations":
      return [output.sourcesFrom];
    default:
      return [];
  }
}

function namesIn(template: string): readonly string[] {
  const names = templateNames(template);
  if (!names.ok) throw new Error(names.error);
  return names.value;
}

function conditionNames(when: Parameters<typeof compileValueCondition>[0]): readonly string[] {
  const condition = compileValueCondition(when);
  if (!condition.ok) throw new Error(condition.error.wanted);
  return condition.value.names;
}

function present(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}

function joined(parts: readonly Names[]): Names {
  return { used: parts.flatMap(({ used }) => used), made: parts.flatMap(({ made }) => made) };
}
