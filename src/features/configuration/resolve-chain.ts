import {
  chainLimitsDefault,
  type ChainDefinition,
  type ChainStep,
  type ChainVariable,
  type ConfiguredChain,
  type ModuleStep,
} from "#core/chains/chain-definition.ts";
import type { Route } from "#core/routing/route.ts";
import type { ChainSettings, CompositionSettings } from "./schema/chain.ts";
import type { ProblemList } from "./problem-list.ts";
import { resolveSteps } from "./resolve-chain-steps.ts";
import { nameWanted } from "./schema/name.ts";
import { knownNames } from "./suggestion.ts";
import type { KeyPath } from "./yaml-source.ts";

/** What a chain's settings are resolved from. */
interface ChainInput {
  readonly name: string;
  readonly settings: ChainSettings;
  /** The chains that this Signalbox has without any configuration. */
  readonly readyNames: readonly string[];
  /** Those, and the ones that are written. */
  readonly chainNames: readonly string[];
  /** What can be asked, without entries that are wrong themselves. */
  readonly targets: ReadonlyMap<string, Route>;
  /** Every name that can be asked, also of entries that are wrong themselves. */
  readonly targetNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** What is configured of a chain: what a ready one asks, or a chain of one's own. */
export type ResolvedChain = { readonly route: string } | ConfiguredChain;

/** The model that a chain of one's own asks where nothing else is said; as the ready ones do. */
const modelDefault = "gemini-3.5-flash-lite";

/** Checks what is configured of a chain: that what it asks exists and chats, and that its steps can run. */
export function resolveChain(input: ChainInput): ResolvedChain | undefined {
  const { name, settings, readyNames, problems } = input;
  const path = ["chains", name];
  const { route } = settings;
  const isOwn = [settings.steps, settings.versions, settings.module, settings.output].some(
    (one) => one !== undefined,
  );
  if (!isOwn && !readyNames.includes(name)) {
    problems.add(path, { wanted: knownNames(name, readyNames), actual: "an unknown chain", atKey: true });
  }
  if (route !== undefined) checkRoute([...path, "route"], route, input);
  if (isOwn) return ownChain(path, input);
  if (route === undefined) {
    problems.add([...path, "route"], { wanted: nameWanted });
    return undefined;
  }
  return { route };
}

function checkRoute(path: KeyPath, route: string, { targets, targetNames, problems }: ChainInput): void {
  if (!targetNames.has(route)) {
    problems.add(path, { wanted: knownNames(route, targetNames) });
    return;
  }
  const target = targets.get(route);
  if (target && !chats(target)) {
    problems.add(path, {
      wanted: "a route, deployment or model that chats",
      actual: `${JSON.stringify(route)}, which does not`,
    });
  }
}

function chats({ variants }: Route): boolean {
  return [...variants.values()].some(({ pool }) =>
    pool.some(({ model }) => model.operations.includes("chat")),
  );
}

function ownChain(path: KeyPath, input: ChainInput): ConfiguredChain | undefined {
  const { settings, problems } = input;
  const { versions, steps, module, serve, route } = settings;
  if (versions !== undefined && steps !== undefined) {
    problems.add([...path, "steps"], { wanted: "steps in each version, or no versions", atKey: true });
  }
  if (versions !== undefined && module !== undefined) {
    problems.add([...path, "module"], { wanted: "a module in each version, or no versions", atKey: true });
  }
  const written: readonly (readonly [number, CompositionSettings, KeyPath])[] =
    versions === undefined
      ? [[1, settings, path]]
      : Object.entries(versions).map(
          ([number, version]) => [Number(number), version, [...path, "versions", number]] as const,
        );
  const definitions = written.map(([number, version, at]) => definitionOf(number, version, { ...input, at }));
  const numbers = written.map(([number]) => number);
  const served = serve ?? Math.max(...numbers);
  if (!numbers.includes(served)) {
    problems.add([...path, "serve"], { wanted: knownNames(String(served), numbers.map(String)) });
  }
  return { route, serve: served, versions: new Map(definitions.map((one) => [one.version, one])) };
}

function definitionOf(
  version: number,
  settings: CompositionSettings,
  input: ChainInput & { readonly at: KeyPath },
): ChainDefinition {
  const { name } = input;
  const variables = Object.entries(settings.variables ?? {}).map(([variable, about]) =>
    variableOf(variable, about, input),
  );
  const steps = stepsOf(settings, variables, input);
  const { limits } = settings;
  return {
    name,
    version,
    description: settings.description ?? `The chain "${name}" of the configuration.`,
    variables,
    steps,
    limits: {
      callsMax: limits?.calls ?? chainLimitsDefault.callsMax,
      deadlineMs: limits?.deadline ?? chainLimitsDefault.deadlineMs,
      outputLengthMax: limits?.output_length ?? chainLimitsDefault.outputLengthMax,
    },
    modelDefault,
  };
}

function stepsOf(
  settings: CompositionSettings,
  variables: readonly ChainVariable[],
  input: ChainInput & { readonly at: KeyPath },
): readonly ChainStep[] {
  const { at, problems, chainNames } = input;
  const { steps, module, output } = settings;
  if (module !== undefined && steps !== undefined)
    problems.add([...at, "steps"], { wanted: "steps or a module", actual: "both", atKey: true });
  if (module === undefined && output !== undefined)
    problems.add([...at, "output"], { wanted: "an output of a module; steps say theirs", atKey: true });
  if (module !== undefined) return [moduleStep(module, output)];
  if (steps === undefined) problems.add([...at, "steps"], { wanted: "a list of steps, or a module" });
  return resolveSteps(
    steps ?? [],
    [...at, "steps"],
    variables.map((variable) => variable.name),
    { problems, chainNames, checkRoute: (path, route) => checkRoute(path, route, input) },
  );
}

function moduleStep(reference: string, type: "text" | "json" = "text"): ModuleStep {
  const [file = "", exportName = "default"] = reference.split("#");
  return { kind: "module", file, exportName, output: { type } };
}

type VariableSettings = NonNullable<CompositionSettings["variables"]>[string];

const examples = { text: "An example.", list: ["An example."], object: {} } as const;

function variableOf(
  name: string,
  settings: VariableSettings,
  { at, problems }: { readonly at: KeyPath; readonly problems: ProblemList },
): ChainVariable {
  const { type, description, length_max: lengthMax, default: valueDefault } = settings;
  for (const key of ["example", "default"] as const) {
    const value = settings[key];
    if (value !== undefined && !isOf(type, value)) {
      problems.add([...at, "variables", name, key], { wanted: typeWords[type] });
    }
  }
  return {
    name,
    type,
    description,
    lengthMax,
    example: settings.example ?? examples[type],
    ...(valueDefault !== undefined && { valueDefault }),
  };
}

const typeWords = { text: "a text", list: "a list of texts", object: "a map" } as const;

function isOf(type: VariableSettings["type"], value: unknown): boolean {
  if (type === "text") return typeof value === "string";
  if (type === "list") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
