import { present } from "#core/kernel/present.ts";
import type { Principal } from "#features/access/index.ts";
import {
  decideBody,
  designBody,
  experimentDetailView,
  experimentParams,
  experimentsView,
  operationBody,
  type ExperimentDetail,
  type ExperimentService,
  type ExperimentView,
  type StatusChange,
} from "#features/experiments/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { principalName } from "#http/principal-name.ts";
import { served } from "#http/served.ts";

/** What the endpoints of experiments read and change. */
export interface ExperimentEndpointPorts {
  readonly service: Pick<ExperimentService, "create" | "begin" | "pause" | "resume" | "stop" | "decide">;
  /** Every experiment as it is now, from memory: those of the configuration, then those that it has no more. */
  readonly list: () => readonly ExperimentView[];
  /** One of them with its history. @throws AppError not-found; store-unavailable */
  readonly one: (name: string) => Promise<ExperimentDetail>;
}

/** `/api/experiments`: what is designed, and what becomes of it. */
export function experimentEndpoints(ports: ExperimentEndpointPorts): readonly ServedEndpoint[] {
  return [
    ...readingEndpoints(ports),
    design(ports),
    ...operations.map((one) => operationEndpoint(ports, one)),
    decision(ports),
  ];
}

const shared = { tag: "Experiments", protection: "admin" } as const;

const response = {
  response: experimentDetailView,
  responseDescription: "The experiment.",
} as const;

function readingEndpoints({ list, one }: ExperimentEndpointPorts): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "GET",
      path: "/api/experiments",
      operationId: "listExperiments",
      summary: "List experiments",
      description:
        "Every experiment of the configuration in force, and every one that was ever started: its design, its state, and what keeps it from taking requests.",
      response: experimentsView,
      responseDescription: "The experiments.",
      answer: async () => ({ experiments: [...list()] }),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/experiments/{name}",
      operationId: "getExperiment",
      summary: "One experiment",
      description:
        "Its design, its state, its phases, and every change with who did it and why. What the configuration says of it otherwise by now stands under `design_changed`.",
      params: experimentParams,
      ...response,
      answer: async ({ params }) => one(params.name),
    }),
  ];
}

function design({ service, one }: ExperimentEndpointPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: "/api/experiments",
    operationId: "designExperiment",
    summary: "Design an experiment",
    description:
      "Writes a design into the configuration, as a new version of it. Nothing starts, unless the design has a start that has come. A design that does not fit: 422, with every problem. A name that is taken: 409.",
    body: designBody,
    examples: {
      halves: {
        summary: "Two variants, half of the conversations each",
        value: {
          name: "argon-or-flash",
          design: {
            route: "support",
            incumbent: "support-flash",
            hypothesis: "Argon resolves more conversations than Flash",
            variants: { "support-flash": "50%", "support-argon": "50%" },
          },
        },
      },
    },
    status: 201,
    ...response,
    responseDescription: "The experiment, a draft.",
    answer: async ({ body, principal }) => {
      await service.create(body.name, body.design, changeOf(body, principal));
      return one(body.name);
    },
  });
}

const operations = [
  {
    word: "start",
    method: "begin",
    summary: "Start an experiment",
    description:
      "From a draft to its first phase: it takes requests in this process when the answer comes, in others within seconds. It holds its design from then on. Not a draft, before its start, after its end, or while another one could take the same units: 409.",
  },
  {
    word: "pause",
    method: "pause",
    summary: "Pause an experiment",
    description:
      "It takes no requests until it is resumed; the route's strategy serves them. One that is not running: 409.",
  },
  {
    word: "resume",
    method: "resume",
    summary: "Resume an experiment",
    description:
      "It takes requests again, each unit in its variant; in a new phase, where its variants are other ones by now. One that is not paused: 409.",
  },
  {
    word: "stop",
    method: "stop",
    summary: "Stop an experiment",
    description: "It is over; what was recorded of it stays. One that is neither running nor paused: 409.",
  },
] as const;

function operationEndpoint(
  { service, one }: ExperimentEndpointPorts,
  { word, method, summary, description }: (typeof operations)[number],
): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: `/api/experiments/{name}/${word}`,
    operationId: `${word}Experiment`,
    summary,
    description,
    params: experimentParams,
    body: operationBody,
    examples: {
      why: { summary: "With the reason", value: { why: "the pilot went well" } },
      seen: { summary: "Only as it was seen", value: { epoch: 12 } },
    },
    ...response,
    answer: async ({ params: { name }, body, principal }) => {
      await service[method](name, changeOf(body, principal));
      return one(name);
    },
  });
}

function decision({ service, one }: ExperimentEndpointPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: "/api/experiments/{name}/decide",
    operationId: "decideExperiment",
    summary: "Decide an experiment",
    description:
      "Notes what follows from an experiment that is stopped: one of its variants, or none, and why. Changes no route. One that is not stopped: 409.",
    params: experimentParams,
    body: decideBody,
    examples: {
      winner: {
        summary: "For a variant",
        value: { winner: "support-argon", why: "resolves 3 points more at the same price" },
      },
      none: { summary: "For none", value: { winner: null, why: "no difference that matters" } },
    },
    ...response,
    answer: async ({ params: { name }, body: { winner, why, epoch }, principal }) => {
      await service.decide(name, winner, { ...changeOf({ epoch }, principal), why });
      return one(name);
    },
  });
}

function changeOf(
  { why, epoch }: { readonly why?: string | undefined; readonly epoch?: number | undefined },
  principal: Principal,
): StatusChange {
  return { by: principalName(principal), ...present({ why, epoch }) };
}
