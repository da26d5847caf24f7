import { z } from "zod";
import {
  chainAnswerSchema,
  chainCallSchema,
  chainEventSchema,
  inputSchema,
  type ChainDefinition,
} from "#features/chains/index.ts";
import type { Endpoint, Example, Reply } from "#http/endpoint.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import { described, oneOf } from "./described.ts";
import { problemSchema } from "./problem-schema.ts";

const content = { "application/problem+json": problemSchema };

/** Errors of a call beside those that every endpoint of the control plane has. */
const callErrors: Readonly<Record<number, Reply>> = {
  401: { description: "The API key is missing or wrong.", content },
  413: { description: "The body is too large; at most 4 MiB.", content },
  429: { description: "The provider's rate limit is reached.", content },
  502: { description: "Every deployment failed.", content },
  503: { description: "No deployment is available.", content },
  504: { description: "No answer within the deadline.", content },
};

/** Deployed chains, in LangServe's shape: `{"input": ...}` in, `{"output": ...}` out. */
export function chainEndpoints(chains: readonly ChainDefinition[]): {
  readonly invoke: Endpoint;
  readonly stream: Endpoint;
} {
  const shared = callEndpoint(chains);
  return {
    invoke: {
      ...shared,
      path: "/v1/chains/{chain}/invoke",
      operationId: "invokeChain",
      summary: "Run a chain",
      description: "Runs prompt template, route and output parser, and answers when all is done.",
      replies: {
        200: {
          description: "What the chain gives.",
          headers: answerHeaders,
          content: { "application/json": chainAnswerSchema },
        },
        ...callErrors,
      },
    },
    stream: {
      ...shared,
      path: "/v1/chains/{chain}/stream",
      operationId: "streamChain",
      summary: "Run a chain, streamed",
      description:
        "Runs a chain and answers piece by piece as server-sent events: `chunk` with the next piece of the model's text, any number of times, then `end` with what `invoke` answers, or `error`. A failure before the first piece is an ordinary error answer.",
      replies: {
        200: {
          description: "The events.",
          headers: answerHeaders,
          content: { "text/event-stream": chainEventSchema },
        },
        ...callErrors,
      },
    },
  };
}

/** What both have in common. Made once for a document: the schema of the body has an id. */
function callEndpoint(chains: readonly ChainDefinition[]) {
  const names = chains.map(({ name }) => name);
  return {
    method: "POST",
    tag: "Chains",
    protection: "key",
    params: z.object({ chain: oneOf(names, "A deployed chain.") }),
    headers: callHeaders,
    body: callSchema(chains),
    examples: Object.fromEntries(chains.map((chain) => [chain.name, exampleOf(chain)])),
    errors: "problem",
  } as const satisfies Partial<Endpoint>;
}

/** The body of a call with the variables of the chains that live now. */
function callSchema(chains: readonly ChainDefinition[]): z.ZodType {
  const [first, ...others] = chains.map(inputSchema);
  if (first === undefined) return chainCallSchema;
  const input =
    others.length === 0
      ? first
      : described(z.union([first, ...others]), "The variables of the chain's prompt, by name.");
  // Under the id of the schema it stands for: a document holds one of the two.
  return z.strictObject({ input }).meta({ id: "ChainCall", description: "What a chain is given." });
}

function exampleOf({ description, variables }: ChainDefinition): Example {
  const input = Object.fromEntries(variables.map(({ name, example }) => [name, example]));
  return { summary: description, value: { input } };
}
