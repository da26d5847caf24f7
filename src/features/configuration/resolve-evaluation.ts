import { eventNameLengthMax, eventNamePattern } from "#core/experiments/plan/event-source.ts";
import type { Route } from "#core/routing/route.ts";
import { makeScorer } from "#core/scoring/make-scorer.ts";
import { neededField } from "#core/scoring/needed-field.ts";
import { scoreName, type OnlineEvaluation, type OnlineScorer } from "./online-evaluation.ts";
import type { ProblemList } from "./problem-list.ts";
import type { EvaluationSettings } from "./schema/evaluation.ts";
import { knownNames } from "./suggestion.ts";

/** No evaluation of live answers can be asked for by this name. */
const runsName = "runs";

/** What an evaluation is resolved from. */
interface EvaluationInput {
  readonly name: string;
  readonly settings: EvaluationSettings;
  readonly routes: ReadonlyMap<string, Route>;
  /** Every name written under `routes`, also of those that are wrong themselves. */
  readonly routeNames: ReadonlySet<string>;
  /** Every name that a judge can be asked by. */
  readonly targetNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Checks what scores live answers; undefined, with its problems noted, where it cannot. */
export function resolveEvaluation(input: EvaluationInput): OnlineEvaluation | undefined {
  const { name, settings, problems } = input;
  const path = ["evaluations", name];
  const scorers = new Map(Object.entries(settings.scorers));
  if (name === runsName)
    problems.add(path, {
      wanted: "another name: `/api/evaluations/runs` has runs on data sets",
      actual: JSON.stringify(name),
      atKey: true,
    });
  checkRoutes(input);
  for (const [scorer, config] of scorers) checkScorer(scorer, config, input);
  const { route, sample, budget } = settings;
  const judge = [...scorers].find(([, { kind }]) => kind === "judge")?.[0];
  if (judge !== undefined && !budget)
    problems.add([...path, "scorers", judge], {
      wanted: "`budget: { usd_per_day: 5 }` beside the scorers, since judges cost money",
      actual: "a judge without a budget",
      atKey: true,
    });
  if (problems.has(path)) return undefined;
  return { name, routes: new Set(route), sample, scorers, ...(budget && { budget: budget.usd_per_day }) };
}

function checkRoutes({ name, settings, routes, routeNames, problems }: EvaluationInput): void {
  for (const one of settings.route) {
    const path = ["evaluations", name, "route"];
    if (!routeNames.has(one))
      problems.add(path, { wanted: knownNames(one, routeNames), actual: JSON.stringify(one), mention: one });
    else if (routes.get(one)?.capture === "off")
      problems.add(path, {
        wanted: "a route that captures at least metadata: what was said of its requests is kept",
        actual: `${JSON.stringify(one)} with \`capture: off\``,
        mention: one,
      });
  }
}

function checkScorer(
  scorer: string,
  config: OnlineScorer,
  { name, targetNames, problems }: EvaluationInput,
): void {
  const path = ["evaluations", name, "scorers", scorer];
  const feedback = scoreName(name, scorer);
  if (!eventNamePattern.test(feedback) || feedback.length > eventNameLengthMax)
    problems.add(path, {
      wanted: `names that begin with a letter, at most ${eventNameLengthMax} characters together: scores are feedback of this name`,
      actual: JSON.stringify(feedback),
      atKey: true,
    });
  if (config.kind === "judge") {
    for (const model of config.model.filter((one) => !targetNames.has(one)))
      problems.add([...path, "model"], {
        wanted: knownNames(model, targetNames),
        actual: JSON.stringify(model),
        mention: model,
      });
    return;
  }
  const field = neededField(config);
  if (field !== undefined)
    problems.add(path, {
      wanted: "a scorer that needs the answer alone: live requests have no reference and no other fields",
      actual: `${config.kind}, which needs the field "${field}"`,
    });
  const made = makeScorer(config);
  if (!made.ok) problems.add(path, made.error);
}
