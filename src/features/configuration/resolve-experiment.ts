import type { JsonObject } from "#core/kernel/json.ts";
import { shareText } from "#core/kernel/share.ts";
import type { Route } from "#core/routing/route.ts";
import { twinName } from "#core/routing/twin.ts";
import { designOf, type ExperimentDesign } from "./experiment-design.ts";
import { overlap } from "./experiment-overlap.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ExperimentSettings } from "./schema/experiment.ts";
import type { SharedMetrics } from "./shared-metrics.ts";
import { knownNames } from "./suggestion.ts";

/** What an experiment is resolved from. */
interface ExperimentInput {
  readonly name: string;
  readonly settings: ExperimentSettings;
  readonly written: JsonObject;
  readonly sharedMetrics: SharedMetrics;
  readonly routes: ReadonlyMap<string, Route>;
  /** Every name written under `routes`, also of those that are wrong themselves. */
  readonly routeNames: ReadonlySet<string>;
  /** Every name written under `variants`, also of those that are wrong themselves. */
  readonly variantNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Names that are words of the API's paths. */
const reservedNames: ReadonlySet<string> = new Set(["analyse", "outcomes", "plan", "power"]);

/** Checks that an experiment can be run on what the configuration has. */
export function resolveExperiment(input: ExperimentInput): ExperimentDesign | undefined {
  const { name, settings, problems } = input;
  if (reservedNames.has(name)) {
    problems.add(["experiments", name], {
      wanted: `a name that is none of ${[...reservedNames].join(", ")}`,
      actual: "one of them",
      atKey: true,
    });
  }
  checkRoute(input);
  checkVariants(input);
  if (settings.start !== undefined && settings.end !== undefined && settings.end <= settings.start)
    problems.add(["experiments", name, "end"], { wanted: "a time after `start`" });
  const design = designOf(name, input, input.sharedMetrics);
  if (design.ok) return design.value;
  for (const { path, ...complaint } of design.error) problems.add(["experiments", name, ...path], complaint);
  return undefined;
}

function checkRoute(input: ExperimentInput): void {
  const { name, settings, routes, routeNames, problems } = input;
  if (!routeNames.has(settings.route)) {
    problems.add(["experiments", name, "route"], { wanted: knownNames(settings.route, routeNames) });
    return;
  }
  const route = routes.get(settings.route);
  if (!route) return;
  if (route.capture === "off")
    problems.add(["experiments", name, "route"], {
      wanted: "a route with `capture: metadata` or `full`, since outcomes are counted by unit",
      actual: `"${route.name}" with \`capture: off\``,
    });
  checkControl(input, route);
  const { incumbent } = settings;
  if (incumbent === undefined || route.strategy.variants.includes(incumbent)) return;
  problems.add(["experiments", name, "incumbent"], {
    wanted: `a variant that the strategy of route "${route.name}" chooses from: ${knownNames(incumbent, route.strategy.variants)}`,
  });
}

/** What compares off-line answers what the route has given to the control, and may ask another route for its opinion. */
function checkControl({ name, settings, routeNames, problems }: ExperimentInput, route: Route): void {
  const { mode, judge } = settings;
  if (mode !== "shadow" && mode !== "duel") return;
  const control = settings.control ?? Object.keys(settings.variants)[0] ?? "";
  if (settings.incumbent === undefined && !route.strategy.variants.includes(control))
    problems.add(["experiments", name, settings.control === undefined ? "variants" : "control"], {
      wanted: `a control that the strategy of route "${route.name}" chooses from: ${knownNames(control, route.strategy.variants)}`,
      actual: JSON.stringify(control),
    });
  if (judge && !routeNames.has(judge.route))
    problems.add(["experiments", name, "judge", "route"], { wanted: knownNames(judge.route, routeNames) });
}

function checkVariants({ name, settings, variantNames, problems }: ExperimentInput): void {
  const compared = Object.keys(settings.variants);
  for (const variant of compared.filter((one) => !variantNames.has(one)))
    problems.add(["experiments", name, "variants", variant], {
      wanted: knownNames(variant, variantNames),
      actual: JSON.stringify(variant),
      atKey: true,
    });
  const { control, mode } = settings;
  for (const variant of mode === "aa" ? compared.filter((one) => variantNames.has(twinName(one))) : [])
    problems.add(["experiments", name, "variants"], {
      wanted: `a variant whose twin, "${twinName(variant)}", is the name of no other`,
      actual: JSON.stringify(variant),
    });
  if (control !== undefined && !compared.includes(control))
    problems.add(["experiments", name, "control"], { wanted: knownNames(control, compared) });
}

/** No unit may be in two experiments at once: of those that stand in each other's way the later ones are refused. */
export function checkOverlaps(designs: readonly ExperimentDesign[], problems: ProblemList): void {
  for (const [index, design] of designs.entries()) {
    for (const earlier of designs.slice(0, index)) {
      const found = overlap(earlier, design);
      if (found === undefined) continue;
      problems.add(...complaint(design, earlier, found));
      break;
    }
  }
}

function complaint(
  design: ExperimentDesign,
  earlier: ExperimentDesign,
  found: NonNullable<ReturnType<typeof overlap>>,
): Parameters<ProblemList["add"]> {
  const path = ["experiments", design.name];
  const layer = earlier.layer?.name ?? "";
  switch (found) {
    case "layer-parts":
      return [
        [...path, "layer"],
        {
          wanted: `a part of layer "${layer}" beside that of "${earlier.name}", ${partText(earlier)}`,
          actual: partText(design),
        },
      ];
    case "layer-units":
      return [
        [...path, "layer"],
        {
          wanted: `one kind of unit in layer "${layer}", that of "${earlier.name}", so that the layer keeps them apart`,
          actual: "another one",
        },
      ];
    case "same-requests":
      return [
        path,
        {
          wanted: `a layer together with "${earlier.name}", each with a part of its own, since both take the same requests of route "${design.route}"`,
          actual: "none that keeps them apart",
          atKey: true,
        },
      ];
  }
}

function partText({ layer }: ExperimentDesign): string {
  return layer ? `${shareText(layer.from)} to ${shareText(layer.to)}` : "all of it";
}
