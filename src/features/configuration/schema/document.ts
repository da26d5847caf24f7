import { z } from "zod";
import { metricSchema } from "#core/experiments/plan/metric-schema.ts";
import { chainSchema } from "./chain.ts";
import { deploymentSchema } from "./deployment.ts";
import { evaluationSchema } from "./evaluation.ts";
import { experimentSchema, holdoutSchema } from "./experiment.ts";
import { logSchema } from "./log.ts";
import { modulesSchema } from "./modules.ts";
import { notificationSchema } from "./notification.ts";
import { name } from "./name.ts";
import { outcomesSchema } from "./outcomes.ts";
import { promptSchema } from "./prompt.ts";
import { providerSchema } from "./provider.ts";
import { routeSchema } from "./route.ts";
import { variantSchema } from "./variant.ts";

/** signalbox.yaml as a whole: for editors. The loader reads entry by entry, to say all that is wrong at once. */
export const documentSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: "Version of this format.", examples: [1] }),
    modules: modulesSchema.nullish().meta({ description: "What code this configuration may load." }),
    providers: section(providerSchema, "Addresses that speak a dialect, with their credentials."),
    deployments: section(
      deploymentSchema,
      "Models at providers. Every model of the catalog has one already.",
    ),
    prompts: section(
      promptSchema,
      "What is said around the messages of clients, by name. Each may also be a file of its own, `prompts/<name>.yaml` beside this one.",
    ),
    variants: section(variantSchema, "Bundles of a model and its parameters: what routes choose from."),
    routes: section(routeSchema, "Names that applications put in `model`."),
    chains: section(chainSchema, "What the deployed chains ask, by the chain's name."),
    evaluations: section(
      evaluationSchema,
      "Samples of routes whose answers are scored after their clients have them.",
    ),
    metrics: section(
      metricSchema,
      "Metrics for all experiments, by name: what is said about units (`event`), or how a built-in one is taken (`of`). An experiment that names one holds it as it was.",
    ),
    experiments: section(experimentSchema, "Comparisons of variants on the requests of a route."),
    holdout: holdoutSchema.optional(),
    outcomes: outcomesSchema
      .nullish()
      .meta({ description: "What came of answers, as other systems know it." }),
    notifications: section(notificationSchema, "Who is told of verdicts and changes of experiments."),
    log: logSchema.nullish().meta({ description: "The request log: where it goes and how long it is kept." }),
  })
  .meta({ title: "signalbox.yaml", description: "What Signalbox serves, and how it chooses." });

/** The same, but for the sections' entries: what is read first. */
export const outlineSchema = z.strictObject({
  version: documentSchema.shape.version,
  modules: z.unknown().optional(),
  providers: entries("provider"),
  deployments: entries("deployment"),
  prompts: entries("prompt"),
  variants: entries("variant"),
  routes: entries("route"),
  chains: entries("chain"),
  evaluations: entries("evaluation"),
  metrics: entries("metric"),
  experiments: entries("experiment"),
  holdout: z.unknown().optional(),
  outcomes: z.unknown().optional(),
  notifications: entries("notification"),
  log: z.unknown().optional(),
});

function section<Entry extends z.ZodType>(entry: Entry, description: string) {
  return z.record(name, entry).nullish().meta({ description });
}

function entries(word: string) {
  return z
    .record(name, z.unknown(), {
      error: (issue) =>
        issue.code === "invalid_type" ? `a map from the name of each ${word} to its settings` : undefined,
    })
    .nullish();
}
