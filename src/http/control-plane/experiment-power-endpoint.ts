import { AppError } from "#core/kernel/app-error.ts";
import { plannedExperiment, plannedView, powerBody, powerView } from "#features/experiments/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** `/api/experiments/power`: what an experiment takes, before there is one. */
export const experimentPowerEndpoint: ServedEndpoint = served({
  tag: "Experiments",
  protection: "admin",
  method: "POST",
  path: "/api/experiments/power",
  operationId: "planExperimentUnits",
  summary: "How many units an experiment needs",
  description:
    "With an effect or a margin the units that it takes, with units besides the power, with units alone the smallest change that they find; as `signalbox experiment plan`. Nothing is kept. What cannot be answered: 400, with the reason.",
  body: powerBody,
  examples: {
    rate: {
      summary: "Units that find two percentage points of a rate",
      value: { metric: { rate: "60%" }, effect: "+2pp", per_day: 2500 },
    },
    guardrail: {
      summary: "With which power so many units show that a mean stays within a margin",
      value: { metric: { mean: 812, sd: 400 }, margin: "+20ms", units: 10_000 },
    },
  },
  response: powerView,
  responseDescription: "The answer, in words and numbers.",
  answer: async ({ body }) => {
    const found = plannedExperiment(body);
    if (found.ok) return plannedView(found.value);
    throw new AppError("invalid-request", `Cannot plan an experiment: ${found.error.reason}`);
  },
});
