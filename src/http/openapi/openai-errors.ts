import { z } from "zod";
import type { Reply } from "#http/endpoint.ts";
import { described } from "./described.ts";

const openAiError = z
  .looseObject({
    error: described(
      z.looseObject({
        message: described(z.string(), "What was wanted and what came.", 'Cannot find model "gpt-9"'),
        type: described(z.string(), "The kind of error.", "invalid_request_error"),
        param: described(z.string().nullable(), "The field at fault, where one is.", "model"),
        code: described(z.string().nullable(), "The error as a word for programs.", "model_not_found"),
      }),
      "The error.",
    ),
  })
  .meta({ id: "OpenAIError", description: "An error of the OpenAI dialect." });

/** An error as the body of an answer. */
export const errorContent = { "application/json": openAiError };

/** Errors that a model call can end in. */
export const callErrors: Readonly<Record<number, Reply>> = {
  400: {
    description: "The request is not as wanted, or asks for what no variant can do.",
    content: errorContent,
  },
  401: { description: "The API key is missing or wrong.", content: errorContent },
  404: { description: "There is no such model or route.", content: errorContent },
  413: { description: "The body is too large; at most 32 MiB.", content: errorContent },
  429: {
    description: "A rate limit is reached; `retry-after` says when to come back.",
    content: errorContent,
  },
  502: { description: "Every deployment failed.", content: errorContent },
  503: { description: "No deployment is available.", content: errorContent },
  504: { description: "No answer within the deadline.", content: errorContent },
};
