import { z } from "zod";
import { callErrorsIn } from "./call-errors.ts";
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
export const callErrors = callErrorsIn(errorContent);
