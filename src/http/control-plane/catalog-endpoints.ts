import { z } from "zod";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { priceView } from "./price-view.ts";
import { routeResilienceView } from "./route-resilience-view.ts";
import { served } from "#http/served.ts";

const modelView = z
  .object({
    id: described(z.string(), "The name to put in `model`.", "gemini-3.8-flash"),
    display_name: described(z.string(), "The name for people.", "Gemini 3.8 Flash"),
    description: described(z.string(), "What it is for, in one sentence.", "Fast and frugal, for most work."),
    operations: described(z.array(z.enum(["chat", "embeddings"])), "What it can do.", ["chat"]),
    state: described(
      z.enum(["active", "deprecated", "shut-down"]),
      "Where it stands in its life now; one that is shut down refuses requests.",
      "active",
    ),
    released_on: described(
      z.string().nullable(),
      "Day of its release, ISO 8601; null when unknown.",
      "2026-09-02",
    ),
    shut_down_on: described(
      z.string().nullable(),
      "Day from which it refuses requests, ISO 8601; null when not announced.",
      "2026-12-01",
    ),
    replacement: described(z.string().nullable(), "What its maker says to use instead.", "gemini-3.8-flash"),
    context_tokens: described(z.int().nullable(), "Most tokens it reads; null when unknown.", 1_048_576),
    output_tokens_max: described(
      z.int().nullable(),
      "Most tokens of an answer; null for embeddings or when unknown.",
      65_536,
    ),
    media: described(z.array(z.string()), "Media it reads beside text.", ["image", "audio"]),
    tools: described(z.boolean(), "Whether it can call functions.", true),
    structured_output: described(z.boolean(), "Whether it can answer JSON that satisfies a schema.", true),
    price: described(priceView.nullable(), "What it costs now; null where that is not known."),
    usable: described(z.boolean(), "Whether a deployment serves it now under this name.", true),
    emulated: described(z.boolean(), "Whether the emulator answers for it.", false),
  })
  .meta({ id: "Model", description: "A model of the catalog." });

const routeView = z
  .object({
    name: described(z.string(), "The name to put in `model`.", "assistant"),
    strategy: described(z.string(), "How a variant is chosen.", "weighted"),
    variants: described(
      z.array(
        z.object({
          name: described(z.string(), "The variant.", "assistant-flash"),
          probability: described(
            z.number().nullable(),
            "Its share of requests, 0 to 1; null when that depends on the request.",
            0.8,
          ),
          model: described(z.string(), "Its model.", "gemini-3.8-flash"),
          deployments: described(z.array(z.string()), "The deployments that serve it.", ["flash"]),
        }),
      ),
      "The variants that may be chosen.",
    ),
    fallbacks: described(z.array(z.string()), "Variants tried in this order when the chosen one fails.", [
      "assistant-lite",
    ]),
    first_token_ms: described(
      z.number().nullable(),
      "Longest wait for the first content, milliseconds; null for none.",
      8000,
    ),
    idle_ms: described(
      z.number().nullable(),
      "Longest pause inside an answer, milliseconds; null for none.",
      15_000,
    ),
    total_ms: described(
      z.number().nullable(),
      "Longest time for a whole request, milliseconds; null for none.",
      60_000,
    ),
    resilience: described(routeResilienceView, "What is done when a deployment fails or is slow."),
    requires: described(
      z.record(z.string(), z.array(z.string())),
      "Tags that a deployment must have to serve it, one of the values of each.",
      { region: ["eu", "ch"] },
    ),
  })
  .meta({ id: "Route", description: "A name that applications put in `model`." });

/** A model, as `/api/models` tells it. */
export type ModelView = z.output<typeof modelView>;
/** A route, as `/api/routes` tells it. */
export type RouteView = z.output<typeof routeView>;

/** What the catalog and the configuration in force say now. Read from memory. */
export interface CatalogViews {
  models(): readonly ModelView[];
  routes(): readonly RouteView[];
}

/** `/api/models` and `/api/routes`. */
export function catalogEndpoints(views: CatalogViews): readonly ServedEndpoint[] {
  const shared = { method: "GET", tag: "Catalog", protection: "admin" } as const;
  return [
    served({
      ...shared,
      path: "/api/models",
      operationId: "listCatalogModels",
      summary: "List models",
      description: "Every model of the catalog, newest first, with what it can do and when it ends.",
      response: z
        .object({ models: described(z.array(modelView), "The models.") })
        .meta({ id: "ModelList", description: "The models." }),
      responseDescription: "The models.",
      answer: () => Promise.resolve({ models: [...views.models()] }),
    }),
    served({
      ...shared,
      path: "/api/routes",
      operationId: "listRoutes",
      summary: "List routes",
      description:
        "Every route with its strategy, variants, fallbacks and deadlines, in the order of the configuration.",
      response: z
        .object({ routes: described(z.array(routeView), "The routes.") })
        .meta({ id: "RouteList", description: "The routes." }),
      responseDescription: "The routes.",
      answer: () => Promise.resolve({ routes: [...views.routes()] }),
    }),
  ];
}
