import { z } from "zod";
import { providerDialectNames } from "#core/llm/dialect-name.ts";
import { statusShape } from "#features/deployments/index.ts";
import { described } from "#http/openapi/described.ts";
import { deploymentHealthView } from "./deployment-health-view.ts";
import { priceView } from "./price-view.ts";

const lifecycleView = z.object({
  state: described(
    z.enum(["active", "deprecated", "shut-down"]),
    "Where the model stands in its life now; one that is shut down refuses requests.",
    "deprecated",
  ),
  shut_down_on: described(
    z.string().nullable(),
    "Day from which the model refuses requests, ISO 8601; null when not announced.",
    "2026-12-01",
  ),
  replacement: described(
    z.string().nullable(),
    "What its maker says to use instead; null where it says nothing.",
    "gemini-3.8-flash",
  ),
  warning: described(
    z.string().nullable(),
    "What an operator should know: the model ends soon, is deprecated, or has ended; null where nothing is.",
    "gemini-2.5-flash-lite is shut down on 2026-12-01, in 6 days; use gemini-3.5-flash-lite instead",
  ),
});

/** Answer of `/api/deployments/{name}`, and each deployment of the list. */
export const deploymentView = z
  .object({
    name: described(z.string(), "Its name.", "flash"),
    provider: described(z.string(), "The provider that serves it.", "google"),
    dialect: described(z.enum(providerDialectNames), "The dialect that the provider speaks.", "gemini"),
    model: described(z.string(), "The model's id at the provider.", "gemini-3.8-flash"),
    weight: described(
      z.number(),
      "Its share of the load among the deployments of a variant, relative to the others, above 0.",
      3,
    ),
    configured_weight: described(z.number(), "The weight that the configuration gives it.", 1),
    ...statusShape,
    under_way: described(z.int(), "Attempts that this process has under way there.", 2),
    health: described(
      deploymentHealthView.nullable(),
      "How it is, as this process has seen it; null where the configuration does not name it.",
    ),
    lifecycle: described(lifecycleView, "Where its model stands in its life."),
    price: described(
      priceView.nullable(),
      "What it costs now; null where that is not known: requests have no cost then.",
    ),
    usable: described(z.boolean(), "Whether it would be called now.", true),
    emulated: described(z.boolean(), "Whether the emulator answers for it.", false),
    configured: described(
      z.boolean(),
      "Whether the configuration names it; otherwise the catalog brought it, or it is registered and was not found ready.",
      true,
    ),
  })
  .meta({
    id: "Deployment",
    description: "One model at one provider: what the configuration says of it, and how it stands.",
  });

/** A deployment, as `/api/deployments` tells it. */
export type DeploymentView = z.output<typeof deploymentView>;
