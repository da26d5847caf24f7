import type { ChainDefinition, ChainStep, OutputSpec } from "#core/chains/chain-definition.ts";
import type { ChainShelf } from "./chain-shelf.ts";
import type { ChainList } from "./schema.ts";

/** All chains with what they take and are made of, by name. */
export function listed(shelf: ChainShelf): ChainList {
  const chains = shelf.served.map((definition) => chainView(definition, shelf));
  return { chains: chains.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}

function chainView(definition: ChainDefinition, shelf: ChainShelf): ChainList["chains"][number] {
  const { name, version, description, variables, steps, limits } = definition;
  return {
    name,
    version,
    versions: [...shelf.versionsOf(name)],
    description,
    route: shelf.routeOf(definition),
    variables: variables.map((variable) => ({
      name: variable.name,
      description: variable.description,
      type: variable.type,
      required: variable.valueDefault === undefined,
      ...(variable.valueDefault !== undefined && { default: variable.valueDefault }),
      length_max: variable.lengthMax,
      example: variable.example,
    })),
    output: outputOf(steps),
    steps: steps.flatMap((step) => stepViews(step)),
    limits: { calls_max: limits.callsMax, deadline_ms: limits.deadlineMs },
  };
}

/** Whether the output of steps is what a model wrote, as it wrote it. */
export function givesText(steps: readonly ChainStep[]): boolean {
  return lastOutputs(steps).every((type) => type === "text");
}

/** What the last step gives: text only where that is sure. */
function outputOf(steps: readonly ChainStep[]): "text" | "json" {
  return lastOutputs(steps).every((type) => type === "text" || type === "sql") ? "text" : "json";
}

/** The forms that the last step may give; "json" for what steps put together. */
function lastOutputs(steps: readonly ChainStep[]): readonly OutputSpec["type"][] {
  const last = steps.at(-1);
  switch (last?.kind) {
    case "ask":
    case "tools":
    case "module":
      return [last.output.type];
    case "branch":
      return [...last.cases.map((one) => one.steps), last.otherwise].flatMap((one) => lastOutputs(one));
    case "fallback":
      return last.options.flatMap((one) => lastOutputs(one));
    default:
      return ["json"];
  }
}

interface StepView {
  readonly kind: string;
  readonly depth: number;
  readonly as?: string;
  readonly route?: string;
  readonly chains?: string[];
  readonly module?: string;
}

/** A step and those within it, each with how deep it stands. */
function stepViews(step: ChainStep, depth = 0): readonly StepView[] {
  const own: StepView = {
    kind: step.kind,
    depth,
    ...(step.as !== undefined && { as: step.as }),
    ...("route" in step && step.route !== undefined && { route: step.route }),
    ...(step.kind === "call" && { chains: [step.chain] }),
    ...(step.kind === "tools" && { chains: [...step.chains] }),
    ...(step.kind === "module" && { module: `${step.file}#${step.exportName}` }),
  };
  return [own, ...stepsWithin(step).flatMap((inner) => stepViews(inner, depth + 1))];
}

function stepsWithin(step: ChainStep): readonly ChainStep[] {
  switch (step.kind) {
    case "parallel":
      return Object.values(step.branches).flat();
    case "branch":
      return [...step.cases.flatMap(({ steps }) => steps), ...step.otherwise];
    case "map":
      return step.steps;
    case "fallback":
      return step.options.flat();
    default:
      return [];
  }
}
