import { z } from "zod";
import { renderedView } from "#features/prompts/index.ts";
import { decisionSchema } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { served } from "#http/served.ts";

/** Longest texts of what a request would have come with, characters, and most entries. */
const textLengthMax = 4_096;
const entriesMax = 100;

const texts = z
  .record(z.string().max(textLengthMax), z.string().max(textLengthMax))
  .refine((entries) => Object.keys(entries).length <= entriesMax, {
    error: `must be at most ${entriesMax} entries`,
  });
const name = z.string().min(1).max(256);

const explainBody = z
  .strictObject({
    request: z.record(z.string(), z.json()).meta({
      description: "A chat request in OpenAI's words; `model` may be left out.",
      examples: [{ messages: [{ role: "user", content: "Why was I charged twice?" }] }],
    }),
    tags: described(texts.optional(), "What `x-signalbox-tags` would have said.", { tier: "free" }),
    headers: described(texts.optional(), "Headers that conditions may look at, names in any case.", {
      "x-team": "search",
    }),
    unit: described(name.optional(), "What `x-signalbox-unit` would have said.", "customer-17"),
    conversation: described(
      name.optional(),
      "What `x-signalbox-conversation` would have said.",
      "conversation-4",
    ),
    session: described(name.optional(), "What `x-signalbox-session` would have said.", "session-9"),
    draw: described(
      z.number().min(0).lt(1).optional(),
      "The number that chance would have drawn, 0 to below 1; one half when absent.",
      0.5,
    ),
  })
  .meta({ id: "ExplainRequest", description: "A request that is decided and not served." });

const strategyView = z
  .object({
    keyword: described(z.string(), "The strategy's word in signalbox.yaml.", "first_match"),
    settings: z
      .json()
      .meta({ description: "As it is written.", examples: [["support-flash", "support-lite"]] }),
    probabilities: described(
      z.record(z.string(), z.number()),
      "What it gives each variant, by itself; those that it cannot choose are left out.",
      { "support-flash": 0.8, "support-lite": 0.2 },
    ),
    scores: z
      .json()
      .meta({ description: "What it weighed; null where it weighs nothing.", examples: [[{ holds: true }]] }),
    get parts(): z.ZodArray<z.ZodType<StrategyView>> {
      return z.array(strategyView).meta({
        description: "The strategies that it chooses from; variants alone are left out.",
        examples: [[]],
      });
    },
  })
  .meta({ id: "ExplainedStrategy", description: "What one strategy made of the request." });

/** What one strategy made of a request. */
export interface StrategyView {
  keyword: string;
  settings: z.core.util.JSONType;
  probabilities: Record<string, number>;
  scores: z.core.util.JSONType;
  parts: StrategyView[];
}

const explainReply = z
  .object({
    route: described(z.string(), "The route.", "support"),
    variant: described(z.string().nullable(), "Who would serve it; null when nobody can.", "support-flash"),
    candidates: decisionSchema.shape.candidates,
    propensity: described(
      z.number(),
      "How likely that choice is, above 0, at most 1; 0 when nobody can.",
      0.8,
    ),
    draw: decisionSchema.shape.draw,
    ladder: decisionSchema.shape.ladder,
    reason: decisionSchema.shape.reason,
    experiment: decisionSchema.shape.experiment,
    shadow: z
      .object({
        experiment: described(z.string(), "The experiment that compares off-line.", "argon-shadow"),
        phase: described(z.int().min(1), "Its phase.", 1),
        variant: described(z.string(), "The variant that answers once more.", "support-argon"),
      })
      .nullable()
      .meta({ description: "By whom it would be answered once more, off-line; null where by nobody." }),
    prompt: z
      .object({
        version: described(z.string(), "Name and version.", "support@2"),
        messages: described(
          renderedView.shape.messages.nullable(),
          "All that the model would be asked, with the values of `prompt_variables`; null where it cannot be made.",
          [{ role: "system", parts: [{ type: "text", text: "You answer questions about Halma." }] }],
        ),
        problem: described(
          z.string().nullable(),
          "Why such a request is refused; null where it is not.",
          'Cannot render the prompt of "support": prompt "support@2" wants "product", which the request does not bring',
        ),
      })
      .nullable()
      .meta({ description: "The prompt of that variant; null without one." }),
    facts: z
      .object({
        input_tokens: described(z.number(), "Prompt tokens, estimated.", 12),
        turns: described(z.int(), "Messages of the user and the assistant.", 1),
        tools: described(z.boolean(), "Whether tools are declared.", false),
        schema: described(z.boolean(), "Whether the answer must satisfy a schema.", false),
        thinking: described(z.boolean(), "Whether the model is asked to think first.", false),
        media: described(z.array(z.string()), "Kinds of media in it.", []),
        code: described(z.boolean(), "Whether code is in the newest message or asked for.", false),
        maths: described(z.boolean(), "Whether something is to be calculated or proved.", false),
        language: described(z.string().nullable(), "Its language, ISO 639-1; null when not known.", "en"),
        question: described(z.string(), "What kind of question it is.", "why"),
        system_prompt: described(z.string().nullable(), "Hash of the system prompt; null without one.", null),
      })
      .meta({ description: "What conditions and strategies see of it." }),
    strategy: strategyView,
  })
  .meta({ id: "Explanation", description: "A decision that was not carried out, with all that led to it." });

/** A request that somebody wonders about. */
export interface ExplainQuestion extends z.output<typeof explainBody> {
  readonly route: string;
}

/** What is told about it. */
export type ExplainReply = z.output<typeof explainReply>;

/** Decides without serving. @throws AppError for a route that there is not, and for a request that cannot be read */
export type ExplainPort = (question: ExplainQuestion) => ExplainReply;

/** `POST /api/routes/{route}/explain` */
export function explainEndpoint(explain: ExplainPort): ServedEndpoint {
  return served({
    method: "POST",
    path: "/api/routes/{route}/explain",
    operationId: "explainRoute",
    tag: "Catalog",
    protection: "admin",
    summary: "Explain a decision",
    description:
      "Decides who would serve a request, and says why: what is known of the request, who can serve it, what each " +
      "strategy made of it. Calls nobody, records nothing and takes nobody's turn.",
    params: z.object({
      route: described(z.string().min(1).max(200), "The route, deployment or model.", "support"),
    }),
    body: explainBody,
    examples: {
      question: {
        summary: "A question of a customer on the free tier",
        value: {
          request: { messages: [{ role: "user", content: "Why was I charged twice?" }] },
          tags: { tier: "free" },
        },
      },
    },
    response: explainReply,
    responseDescription: "The decision.",
    answer: ({ params, body }) => Promise.resolve(explain({ ...body, route: params.route })),
  });
}
