import { z } from "zod";
import { name } from "./name.ts";

const secretReference = "a reference to an environment variable such as ${CRM_SECRET}";
const pathWanted = "names of keys, and positions in lists from 0, with dots between, as data.customer.id";

const pathText = z
  .string({ error: pathWanted })
  .max(200)
  .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, { error: pathWanted });

const subject = (what: string, example: string) =>
  pathText.optional().meta({ description: `Where the body names ${what}.`, examples: [example] });

const value = z.union([pathText, z.number(), z.boolean()], {
  error: `${pathWanted}; or a number, true or false`,
});

/** What an outcome can be about, of which a webhook has exactly one. */
const subjects = ["request_id", "response_id", "conversation", "unit"] as const;
/** What an outcome can say, of which a webhook has at least one. */
const values = ["outcome", "score", "label"] as const;

/** `outcomes.webhooks.<name>` */
const outcomeWebhookSchema = z
  .strictObject({
    secret: z
      .string({ error: secretReference })
      .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, { error: secretReference })
      .meta({
        description:
          "The secret that its sender signs with (Standard Webhooks), as a reference to an environment variable. Never the secret itself.",
        examples: ["${CRM_SECRET}"],
      }),
    name: z
      .string()
      .max(64)
      .regex(/^[A-Za-z][\w.:-]*$/, { error: "a letter, then letters, digits and any of _ . : -" })
      .meta({ description: "What is measured: the name of the feedback.", examples: ["purchase"] }),
    source: z
      .enum(["end_user", "human", "code", "judge"])
      .default("code")
      .meta({ description: "Who or what judged.", examples: ["code"] }),
    request_id: subject("a request's id", "data.metadata.request_id"),
    response_id: subject("an answer's id", "data.metadata.response_id"),
    conversation: subject("a conversation", "data.ticket.id"),
    unit: subject("a unit", "data.customer.id"),
    outcome: value.optional().meta({
      description:
        "Where the body says what came of it; or the outcome itself, where that there is a call says it.",
      examples: ["data.amount", true],
    }),
    score: value
      .optional()
      .meta({ description: "Where the body has a score; or the score itself.", examples: ["data.rating"] }),
    label: pathText
      .optional()
      .meta({ description: "Where the body has a label.", examples: ["data.reason"] }),
    at: pathText.optional().meta({
      description:
        "Where the body says when it was: ISO 8601, or seconds or milliseconds since 1970. Now when absent.",
      examples: ["data.paid_at"],
    }),
    id: pathText.optional().meta({
      description:
        "Where the body has an id of the outcome, by which it is known when it comes again, by any way; the id of the call when absent.",
      examples: ["data.id"],
    }),
    when: z
      .record(pathText, z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .meta({
        description:
          "What the body must say, by its place; calls that say something else are answered well and left.",
        examples: [{ type: "order.paid" }],
      }),
    assume_utc: z
      .boolean()
      .default(false)
      .meta({
        description: "Whether a time without a zone is one of UTC; it is refused else.",
        examples: [true],
      }),
  })
  .refine((hook) => subjects.filter((key) => hook[key] !== undefined).length === 1, {
    error: `exactly one of ${subjects.join(", ")}`,
  })
  .refine((hook) => values.some((key) => hook[key] !== undefined), {
    error: `at least one of ${values.join(", ")}`,
  })
  .meta({
    description: "Calls of another system that tell of outcomes, and where in their bodies what stands.",
  });

/** `outcomes`: what other systems know of answers. */
export const outcomesSchema = z.strictObject({
  webhooks: z.record(name, outcomeWebhookSchema).default({}).meta({
    description: "By name: calls to `POST /hooks/outcomes/{name}`, signed as Standard Webhooks says.",
  }),
});

/** A webhook as written. */
export type OutcomeWebhookSettings = z.output<typeof outcomeWebhookSchema>;
