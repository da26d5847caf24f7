import { z } from "zod";
import { present } from "#core/kernel/present.ts";
import type { Principal } from "#features/access/index.ts";
import {
  deployBody,
  deploymentParams,
  forgetQuery,
  forgottenView,
  operationBody,
  statusView,
  weightBody,
  type DeployService,
  type DeploymentService,
  type StatusChange,
} from "#features/deployments/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { principalName } from "#http/principal-name.ts";
import { served } from "#http/served.ts";
import { deploymentView, type DeploymentView } from "./deployment-view.ts";

/** What the endpoints of deployments read and change. */
export interface DeploymentEndpointPorts {
  readonly deploy: Pick<DeployService, "deploy">;
  readonly service: Pick<DeploymentService, "drain" | "disable" | "enable" | "setWeight" | "forget">;
  /** Every deployment as it is now, from memory: those of the configuration, then those registered beside it. */
  readonly list: () => readonly DeploymentView[];
  /** One of them. @throws AppError not-found */
  readonly one: (name: string) => DeploymentView;
}

/** `/api/deployments`: what there is, and what is done with it while Signalbox runs. */
export function deploymentEndpoints(ports: DeploymentEndpointPorts): readonly ServedEndpoint[] {
  return [
    ...readingEndpoints(ports),
    deployment(ports),
    ...operations.map((one) => operationEndpoint(ports, one)),
    weight(ports),
    forgetting(ports),
  ];
}

const shared = { tag: "Deployments", protection: "admin" } as const;

const response = {
  response: deploymentView,
  responseDescription: "The deployment.",
} as const;

function readingEndpoints({ list, one }: DeploymentEndpointPorts): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "GET",
      path: "/api/deployments",
      operationId: "listDeployments",
      summary: "List deployments",
      description:
        "Every deployment: one model at one provider. What the configuration says of it, how it stands and since when, and what is known of its model's end.",
      response: z
        .object({ deployments: described(z.array(deploymentView), "The deployments.") })
        .meta({ id: "DeploymentList", description: "The deployments." }),
      responseDescription: "The deployments.",
      answer: async () => ({ deployments: [...list()] }),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/deployments/{name}",
      operationId: "getDeployment",
      summary: "One deployment",
      description: "What the configuration says of it, how it stands, and what its last verification found.",
      params: deploymentParams,
      ...response,
      answer: async ({ params }) => one(params.name),
    }),
  ];
}

const operations = [
  {
    word: "drain",
    summary: "Drain a deployment",
    description:
      "No new requests go there; those under way finish, then it is `drained`. Holds in this process when the answer comes, in others within seconds. Drained already: nothing changes. One that is disabled or was never ready: 409.",
  },
  {
    word: "disable",
    summary: "Take a deployment out of service",
    description:
      "No new requests go there until it is enabled; those under way finish. Disabled already: nothing changes.",
  },
  {
    word: "enable",
    summary: "Put a deployment back into service",
    description:
      "Requests go there again, few at first (slow start). One that its verification refused: 409, it has to be deployed again.",
  },
] as const;

function operationEndpoint(
  { service, one }: DeploymentEndpointPorts,
  { word, summary, description }: (typeof operations)[number],
): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: `/api/deployments/{name}/${word}`,
    operationId: `${word}Deployment`,
    summary,
    description,
    params: deploymentParams,
    body: operationBody,
    examples: {
      why: { summary: "With the reason", value: { why: "maintenance of the provider until 14:00" } },
      seen: { summary: "Only as it was seen", value: { epoch: 12 } },
    },
    ...response,
    answer: async ({ params: { name }, body, principal }) => {
      await service[word](name, changeOf(body, principal));
      return one(name);
    },
  });
}

function deployment({ deploy, one }: DeploymentEndpointPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: "/api/deployments",
    operationId: "deployModel",
    summary: "Bring a model into service",
    description:
      "Registers a deployment (`verifying`) and tries it against its provider: text, stream, tools, structured output, image, long context, usage and price, or one that makes vectors: a vector, several in one call, their length, usage and price; what the model is not said to do is skipped. When nothing failed it is written into the configuration as a new version, with its share of the route, and is `ready`; otherwise it is `refused`, the configuration stays, and its report says what failed. The answer comes when it is registered: ask `GET /api/deployments/{name}` for the rest. What is asked on the way is in the request log under the tag `verification`.",
    body: deployBody,
    examples: {
      share: {
        summary: "With 5% of a route",
        value: { model: "gemini-4-hydrogen", route: { name: "chat", share: "5%" } },
      },
      alone: {
        summary: "Only to be there",
        value: { model: "qwen3-32b", provider: "in-house", name: "qwen" },
      },
      price: {
        summary: "With a price that nobody knows",
        value: { model: "qwen3-32b", provider: "in-house", price: { input: "$0.10", output: "$0.30" } },
      },
      embeddings: {
        summary: "One that makes vectors",
        value: { model: "bge-m3", provider: "in-house", kind: "embeddings", price: { input: "$0.02" } },
      },
    },
    status: 202,
    ...response,
    responseDescription: "The deployment, being verified.",
    answer: async ({ body, principal }) => {
      const by = principalName(principal);
      const { deployment: name } = await deploy.deploy({
        ...present(body),
        model: body.model,
        principal,
        by,
      });
      return one(name);
    },
  });
}

function forgetting({ service }: DeploymentEndpointPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "DELETE",
    path: "/api/deployments/{name}",
    operationId: "forgetDeployment",
    summary: "Forget a deployment",
    description:
      "Forgets what was done with a deployment that is out of use: one that its verification refused, or that the configuration does not name any more. Others: 409. Who forgot it and why stands in the log of the process.",
    params: deploymentParams,
    query: forgetQuery,
    response: forgottenView,
    responseDescription: "What was known of it.",
    answer: async ({ params: { name }, query, principal }) => ({
      name,
      ...statusView(await service.forget(name, changeOf(query, principal))),
    }),
  });
}

function weight({ service, one }: DeploymentEndpointPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "PATCH",
    path: "/api/deployments/{name}",
    operationId: "changeDeploymentWeight",
    summary: "Give a deployment another weight",
    description:
      "Holds in place of the configured weight until it is taken back with null, also over other versions of the configuration.",
    params: deploymentParams,
    body: weightBody,
    examples: {
      more: { summary: "Three times the usual load", value: { weight: 3, why: "a larger quota" } },
      back: { summary: "Back to the configured one", value: { weight: null } },
    },
    ...response,
    answer: async ({ params: { name }, body, principal }) => {
      await service.setWeight(name, body.weight, changeOf(body, principal));
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
