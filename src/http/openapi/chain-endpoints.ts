import { z } from "zod";
import type { ChainDefinition } from "#core/chains/chain-definition.ts";
import {
  chainAnswerSchema,
  chainBatchAnswerSchema,
  chainBatchCallSchema,
  chainCallSchema,
  chainEventSchema,
  chainRunEventSchema,
  inputSchema,
  langServeFields,
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
  422: { description: "A limit of the chain is reached.", content },
  429: { description: "The provider's rate limit is reached.", content },
  502: { description: "Every deployment failed, or the answer has not the wanted form.", content },
  503: { description: "No deployment is available.", content },
  504: { description: "No answer within the deadline.", content },
};

/** Deployed chains, in LangServe's shape: `{"input": ...}` in, `{"output": ...}` out. */
export function chainEndpoints(chains: readonly ChainDefinition[]): {
  readonly invoke: Endpoint;
  readonly batch: Endpoint;
  readonly stream: Endpoint;
  readonly events: Endpoint;
} {
  const shared = callEndpoint(chains);
  return {
    invoke: {
      ...shared,
      path: "/v1/chains/{chain}/invoke",
      operationId: "invokeChain",
      summary: "Run a chain",
      description:
        "Runs the chain's steps and answers when all is done, with what every request of theirs used and cost. LangServe's clients are answered in their words: they send `config` or `kwargs`.",
      replies: {
        200: {
          description: "What the chain gives.",
          headers: answerHeaders,
          content: { "application/json": chainAnswerSchema },
        },
        ...callErrors,
      },
    },
    batch: {
      ...shared,
      path: "/v1/chains/{chain}/batch",
      operationId: "batchChain",
      summary: "Run a chain for several inputs",
      description:
        "Runs the chain once for each input, a few at a time. An input that is not as wanted refuses all; a run that fails leaves the others alone.",
      body: chainBatchCallSchema,
      examples: Object.fromEntries(chains.map((chain) => [chain.name, batchExampleOf(chain)])),
      replies: {
        200: {
          description: "What the chain gives for each.",
          content: { "application/json": chainBatchAnswerSchema },
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
        "Runs a chain and answers piece by piece as server-sent events: `chunk` with the next piece of the model's text, any number of times (and `partial` with what can be read so far, where the output is JSON or a list), then `end` with what `invoke` answers, or `error`. A failure before the first piece is an ordinary error answer.",
      replies: {
        200: {
          description: "The events.",
          headers: answerHeaders,
          content: { "text/event-stream": chainEventSchema },
        },
        ...callErrors,
      },
    },
    events: {
      ...shared,
      path: "/v1/chains/{chain}/events",
      operationId: "chainEvents",
      summary: "Run a chain, step by step",
      description:
        "Runs a chain as `stream` does and tells each step, too: `step-start` and `step-end` with how long it took, the requests it made, what they used and cost.",
      replies: {
        200: {
          description: "The events.",
          headers: answerHeaders,
          content: { "text/event-stream": chainRunEventSchema },
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
    params: z.object({ chain: oneOf(names, "A deployed chain; `name@2` is its version 2.") }),
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
  return z
    .strictObject({ input, ...langServeFields })
    .meta({ id: "ChainCall", description: "What a chain is given." });
}

function exampleOf(chain: ChainDefinition): Example {
  return { summary: chain.description, value: { input: exampleInput(chain) } };
}

function batchExampleOf(chain: ChainDefinition): Example {
  return { summary: chain.description, value: { inputs: [exampleInput(chain)] } };
}

function exampleInput({ variables }: ChainDefinition) {
  return Object.fromEntries(variables.map(({ name, example }) => [name, example]));
}
