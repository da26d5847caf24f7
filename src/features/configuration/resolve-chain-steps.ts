import type { AskStep, ChainMessage, ChainStep, OutputSpec } from "#core/chains/chain-definition.ts";
import { templateNames } from "#core/chains/template-names.ts";
import { compileValueCondition } from "#core/chains/value-condition.ts";
import { compileSchema } from "#core/parsing/json-schema.ts";
import { patternProblem } from "#core/parsing/pattern-answer.ts";
import { patternWanted } from "#core/routing/expressions/pattern.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ChainOutputSettings } from "./schema/chain-output.ts";
import type { AskSettings, StepSettings } from "./schema/chain-step.ts";
import { knownNames } from "./suggestion.ts";
import type { KeyPath } from "./yaml-source.ts";

/** What steps are resolved with. */
export interface StepWorld {
  readonly problems: ProblemList;
  /** Notes a problem where nothing of that name can be asked for chat. */
  readonly checkRoute: (path: KeyPath, route: string) => void;
  /** The chains that may be called. */
  readonly chainNames: readonly string[];
}

/** Checks steps, and that each name in them is a variable or an earlier step's. @param known the names so far */
export function resolveSteps(
  steps: readonly StepSettings[],
  path: KeyPath,
  known: readonly string[],
  world: StepWorld,
): readonly ChainStep[] {
  let names = known;
  return steps.flatMap((settings, index) => {
    const resolved = new StepReader([...path, index], names, world).read(settings);
    if (settings.as !== undefined) names = [...names, settings.as];
    return resolved ? [{ ...resolved, ...(settings.as !== undefined && { as: settings.as }) }] : [];
  });
}

class StepReader {
  readonly #path: KeyPath;
  readonly #names: readonly string[];
  readonly #world: StepWorld;

  constructor(path: KeyPath, names: readonly string[], world: StepWorld) {
    this.#path = path;
    this.#names = names;
    this.#world = world;
  }

  read(settings: StepSettings): ChainStep | undefined {
    const { ask, parallel, branch, map, fallback, call, tools } = settings;
    if (ask) return { kind: "ask", ...this.#asking(ask, "ask") };
    if (parallel) {
      const branches = Object.entries(parallel.branches).map(
        ([name, steps]) => [name, this.#steps(steps, ["parallel", "branches", name])] as const,
      );
      return { kind: "parallel", branches: Object.fromEntries(branches), concurrency: parallel.concurrency };
    }
    if (branch) return this.#branch(branch);
    if (map) {
      const { over, item, chunk, items_max: itemsMax, concurrency } = map;
      this.#name(over, ["map", "over"]);
      const steps = this.#steps(map.steps, ["map", "steps"], [item]);
      return { kind: "map", over, item, itemsMax, concurrency, steps, ...(chunk && { chunk }) };
    }
    if (fallback) {
      const options = fallback.options.map((steps, index) =>
        this.#steps(steps, ["fallback", "options", index]),
      );
      return { kind: "fallback", options };
    }
    if (call) {
      this.#chain(call.chain, ["call", "chain"]);
      for (const [name, text] of Object.entries(call.input)) this.#template(text, ["call", "input", name]);
      return { kind: "call", chain: call.chain, input: call.input };
    }
    if (tools) {
      tools.chains.forEach((chain, index) => this.#chain(chain, ["tools", "chains", index]));
      const { chains, rounds_max: roundsMax, calls_max: toolCallsMax } = tools;
      return { kind: "tools", ...this.#asking(tools, "tools"), chains, roundsMax, toolCallsMax };
    }
    return undefined;
  }

  #branch({ cases, otherwise }: NonNullable<StepSettings["branch"]>): ChainStep {
    const resolved = cases.map(({ when, steps }, index) => {
      const at = ["branch", "cases", index];
      const condition = compileValueCondition(when);
      if (condition.ok) {
        for (const name of condition.value.names) this.#name(name, [...at, "when"]);
      } else {
        const { path, ...complaint } = condition.error;
        this.#world.problems.add([...this.#path, ...at, "when", ...path], complaint);
      }
      return { when, steps: this.#steps(steps, [...at, "steps"]) };
    });
    return { kind: "branch", cases: resolved, otherwise: this.#steps(otherwise, ["branch", "otherwise"]) };
  }

  #steps(steps: readonly StepSettings[], at: KeyPath, more: readonly string[] = []): readonly ChainStep[] {
    return resolveSteps(steps, [...this.#path, ...at], [...this.#names, ...more], this.#world);
  }

  #asking(settings: AskSettings, kind: "ask" | "tools"): Pick<AskStep, "messages" | "output" | "route"> {
    const { route, output } = settings;
    if (route !== undefined) this.#world.checkRoute([...this.#path, kind, "route"], route);
    const messages = settings.messages.flatMap((message, index): ChainMessage[] =>
      (["system", "human", "ai"] as const).flatMap((role): ChainMessage[] => {
        const text = message[role];
        if (text === undefined) return [];
        this.#template(text, [kind, "messages", index, role]);
        return [[role, text]];
      }),
    );
    return {
      messages,
      output: this.#output(output, [kind, "output"]),
      ...(route !== undefined && { route }),
    };
  }

  #output(output: ChainOutputSettings | undefined, at: KeyPath): OutputSpec {
    if (output === undefined) return { type: "text" };
    switch (output.type) {
      case "json": {
        const { schema, schema_from: schemaFrom } = output;
        if (schemaFrom !== undefined) this.#name(schemaFrom, [...at, "schema_from"]);
        const compiled = schema && compileSchema(schema);
        if (compiled?.ok === false) {
          this.#add(
            [...at, "schema"],
            "a JSON schema that can be checked (draft 2020-12, patterns of RE2)",
            compiled.error,
          );
        }
        return { type: "json", ...(schema && { schema }), ...(schemaFrom !== undefined && { schemaFrom }) };
      }
      case "enum": {
        const { labels, labels_from: labelsFrom, multiple } = output;
        if (labelsFrom !== undefined) this.#name(labelsFrom, [...at, "labels_from"]);
        if ((labels === undefined) === (labelsFrom === undefined)) {
          this.#add(at, "exactly one of labels, labels_from", labels ? "both" : "none");
        }
        return {
          type: "enum",
          multiple,
          ...(labels && { labels }),
          ...(labelsFrom !== undefined && { labelsFrom }),
        };
      }
      case "list":
        return { type: "list", itemsMax: output.items_max };
      case "regex": {
        const problem = patternProblem(output.pattern);
        if (problem !== undefined)
          this.#add([...at, "pattern"], `${patternWanted}, with named groups`, problem);
        return output;
      }
      case "citations":
        this.#name(output.sources_from, [...at, "sources_from"]);
        return { type: "citations", sourcesFrom: output.sources_from };
      default:
        return output;
    }
  }

  #template(text: string, at: KeyPath): void {
    const names = templateNames(text);
    if (!names.ok) {
      this.#add(at, "a template with {name} for values and {{ for a brace", names.error);
      return;
    }
    for (const name of names.value) this.#name(name, at);
  }

  #name(name: string, at: KeyPath): void {
    if (this.#names.includes(name)) return;
    this.#add(
      at,
      knownNames(name, this.#names),
      `"${name}", which no variable and no earlier step is called`,
    );
  }

  #chain(name: string, at: KeyPath): void {
    const { chainNames } = this.#world;
    if (!chainNames.includes(name)) this.#add(at, knownNames(name, chainNames), `"${name}"`);
  }

  #add(at: KeyPath, wanted: string, actual: string): void {
    this.#world.problems.add([...this.#path, ...at], { wanted, actual });
  }
}
