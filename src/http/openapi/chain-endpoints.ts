import { z } from "zod";
import type { Endpoint, Reply } from "#http/endpoint.ts";
import { described, oneOf } from "./described.ts";
import { problemSchema } from "./problem-schema.ts";
import type { ApiSnapshot } from "./snapshot.ts";

const errorContent = { "application/problem+json": problemSchema };

const callErrors: Readonly<Record<number, Reply>> = {
  400: { description: "The input is not as the chain wants it.", content: errorContent },
  401: { description: "The API key is missing or wrong.", content: errorContent },
  404: { description: "There is no such chain.", content: errorContent },
  502: { description: "Every deployment failed.", content: errorContent },
};

/** Deployed chains, in LangServe's shape: `{"input": ...}` in, `{"output": ...}` out. */
export function chainEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  const shared = {
    method: "POST",
    tag: "Chains",
    protection: "key",
    params: z.object({ chain: oneOf(snapshot.chains, "A deployed chain.") }),
    body: z
      .object({
        input: described(z.record(z.string(), z.unknown()), "The variables of the chain's prompt, by name.", {
          text: "Signalbox stands between applications and many language models.",
        }),
      })
      .meta({ id: "ChainInput", description: "What a chain is given." }),
    examples: {
      summarise: {
        summary: "A text to summarise",
        value: { input: { text: "Signalbox stands between applications and many language models." } },
      },
    },
    errors: "dialect",
  } as const;
  return [
    {
      ...shared,
      path: "/v1/chains/{chain}/invoke",
      operationId: "invokeChain",
      summary: "Run a chain",
      description: "Runs prompt template, route and output parser, and answers when all is done.",
      replies: {
        200: {
          description: "What the chain gives.",
          content: {
            "application/json": z
              .looseObject({
                output: described(
                  z.unknown(),
                  "What the output parser gives: text or JSON.",
                  "A short summary.",
                ),
              })
              .meta({ id: "ChainOutput", description: "What a chain gives." }),
          },
        },
        ...callErrors,
      },
    },
    {
      ...shared,
      path: "/v1/chains/{chain}/stream",
      operationId: "streamChain",
      summary: "Run a chain, streamed",
      description: "Runs a chain and answers piece by piece as server-sent events.",
      replies: {
        200: {
          description: "The stream.",
          content: {
            "text/event-stream": z.unknown().meta({
              id: "ChainEvent",
              description: "The next piece of the output, as JSON.",
              examples: ["A short"],
            }),
          },
        },
        ...callErrors,
      },
    },
  ];
}
