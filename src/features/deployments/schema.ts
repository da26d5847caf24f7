import { z } from "zod";
import { present } from "#core/kernel/present.ts";
import { share } from "#core/kernel/share.ts";
import { isWrittenLine, writtenLine } from "#core/kernel/written-line.ts";
import { picoPerToken } from "#core/pricing/money.ts";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";
import { checkNames } from "./verification/report.ts";
import { deploymentStates } from "./deployment-status.ts";

/** Longest reason, characters. */
const whyLengthMax = 1_000;
/** Largest weight: that of the configuration. */
const weightMax = 1_000;

const exampleInstant = "2026-11-25T12:00:00.000Z";
const instant = z.iso.datetime({ offset: true });

const epoch = z
  .int()
  .min(0)
  .optional()
  .meta({
    description:
      "The `epoch` of the deployment as it was seen. When it has been changed since, nothing happens and the answer is 409. Without it the deployment is changed whatever it is.",
    examples: [12, 0],
  });

const why = z
  .string()
  .trim()
  .min(1)
  .max(whyLengthMax)
  .refine(isStorableText, `must be ${storableText}`)
  .optional()
  .meta({
    description: `Why, in the words of whoever does it; at most ${whyLengthMax} characters.`,
    examples: ["maintenance of the provider until 14:00"],
  });

/** Path parameters of `/api/deployments/{name}`. */
export const deploymentParams = z.object({
  name: z
    .string()
    .min(1)
    .max(200)
    .refine(isWrittenLine, `must be ${writtenLine}`)
    .meta({ description: "The deployment's name.", examples: ["flash"] }),
});

/** Body of `POST /api/deployments/{name}/drain`, `disable` and `enable`. */
export const operationBody = z
  .strictObject({ why, epoch })
  .meta({ id: "DeploymentOperation", description: "Why a deployment is changed, and on what." });

/** Query of `DELETE /api/deployments/{name}`. */
export const forgetQuery = z.object({
  why,
  epoch: z.coerce
    .number()
    .pipe(z.int().min(0))
    .optional()
    .meta({
      description:
        "The `epoch` of the deployment as it was seen. When it has been changed since, nothing happens and the answer is 409.",
      examples: [12],
    }),
});

/** Body of `PATCH /api/deployments/{name}`. */
export const weightBody = z
  .strictObject({
    weight: z
      .number()
      .gt(0)
      .max(weightMax)
      .nullable()
      .meta({
        description:
          "Its share of the load among the deployments of a variant, relative to the others, above 0; null gives back the one of the configuration.",
        examples: [3, null],
      }),
    why,
    epoch,
  })
  .meta({ id: "DeploymentWeight", description: "Another weight for a deployment." });

const deployedName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be a name of letters, digits, '.', '_' and '-'")
  .optional();

const dollars = (description: string, example: string) =>
  z
    .string()
    .refine((text) => picoPerToken(text) !== undefined, {
      error: "must be a price in dollars such as $0.10, at most six digits behind the point",
    })
    .meta({ description, examples: [example] });

const priceBody = z
  .strictObject({
    input: dollars("A million prompt tokens.", "$0.10"),
    output: dollars(
      "A million answer tokens, thinking included; may be left out of a model that makes vectors.",
      "$0.30",
    ).optional(),
    cached_input: dollars(
      "A million prompt tokens read from the provider's cache; left out: as any other.",
      "$0.01",
    ).optional(),
  })
  .transform(present)
  .meta({
    id: "DeployPrice",
    description:
      "What the model costs there, where nobody knows it or it is not what the catalog says; written into the configuration.",
    examples: [{ input: "$0.10", output: "$0.30" }],
  });

/** Body of `POST /api/deployments`. */
export const deployBody = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(200)
      .refine(isWrittenLine, `must be ${writtenLine}`)
      .meta({ description: "The model's id in the provider's words.", examples: ["gemini-4-hydrogen"] }),
    provider: deployedName.meta({
      description: "The provider that serves it; may be left out where there is only one.",
      examples: ["google"],
    }),
    name: deployedName.meta({
      description:
        "The deployment's name; that of the model, with a number where it is taken, when it is left out.",
      examples: ["hydrogen"],
    }),
    route: z
      .strictObject({
        name: z
          .string()
          .min(1)
          .max(100)
          .meta({
            description:
              "A route whose strategy is `weighted`, `consistent_hash` or `use`; its other shares are scaled.",
            examples: ["chat"],
          }),
        share: share.meta({ description: "The share that it takes, above 0%.", examples: ["5%"] }),
      })
      .refine((route) => route.share > 0, { path: ["share"], error: "must be above 0%" })
      .optional()
      .meta({
        description: "The route that it takes a share of once it is ready, as a variant of its own name.",
        examples: [{ name: "chat", share: "5%" }],
      }),
    kind: z
      .enum(["chat", "embeddings"])
      .optional()
      .meta({
        description:
          "What it is for, and is tried for; left out it is what the catalog says of the model, and `chat` where that says nothing.",
        examples: ["embeddings"],
      }),
    price: priceBody.optional(),
    why,
  })
  .meta({ id: "Deploy", description: "A model that is to be brought into service." });

const checkView = z
  .object({
    check: z.enum(checkNames).meta({ description: "What was tried.", examples: ["tools"] }),
    outcome: z.enum(["passed", "failed", "skipped"]).meta({
      description: "`skipped`: what the model is not said to do is not asked of it.",
      examples: ["passed"],
    }),
    duration_ms: z.number().meta({ description: "How long it took, milliseconds.", examples: [412.5] }),
    detail: z.string().meta({
      description: "What was found, or why it was skipped. Never what was asked or answered.",
      examples: ["calls the function with the arguments that its schema wants"],
    }),
    request_ids: z.array(z.string()).meta({
      description: "The requests it was found with, as the request log has them.",
      examples: [["req_01JDG2QZ5N4W6X8Y0A1B2C3D4E"]],
    }),
  })
  .meta({ id: "VerificationLine", description: "One thing that was tried of a deployment." });

/** What a verification found, as the API tells it. */
export const reportView = z
  .object({
    started_at: instant.meta({ description: "When it began, ISO 8601, UTC.", examples: [exampleInstant] }),
    duration_ms: z.number().meta({ description: "How long it took, milliseconds.", examples: [5210.4] }),
    lines: z.array(checkView).meta({ description: "What was tried, in order." }),
  })
  .meta({ id: "VerificationReport", description: "What the verification of a deployment found." });

/** What the status says of a deployment, as the API tells it. */
export const statusShape = {
  state: z.enum(deploymentStates).meta({
    description:
      "`ready`: takes requests. `verifying`, `refused`: registered, being tried or found wanting. `draining`: no new requests while those under way finish, then `drained`. `disabled`: out of service until it is enabled.",
    examples: ["ready"],
  }),
  since: instant.nullable().meta({
    description: "Since when it is in this state, ISO 8601, UTC; null for one that was never anything else.",
    examples: [exampleInstant],
  }),
  why: z
    .string()
    .nullable()
    .meta({
      description: "Why it was changed last, in the words of whoever did.",
      examples: ["maintenance of the provider until 14:00"],
    }),
  changed_by: z
    .string()
    .nullable()
    .meta({
      description:
        "Who changed it last: `admin`, a key's id, `anyone`, or `signalbox` for what follows by itself; null where nobody did.",
      examples: ["admin"],
    }),
  changed_at: instant.nullable().meta({
    description: "When it was changed last, ISO 8601, UTC; null where nobody did.",
    examples: [exampleInstant],
  }),
  epoch: z.int().meta({
    description:
      "Number of the change of the status that made it so, to be sent with the next change; 0 where nobody changed it.",
    examples: [12],
  }),
  report: reportView.nullable().meta({
    description:
      "What its last verification found, or has found so far; null for one that was never verified here.",
  }),
};

/** Answer of `DELETE /api/deployments/{name}`. */
export const forgottenView = z
  .object({
    name: z.string().meta({ description: "The deployment's name.", examples: ["hydrogen"] }),
    ...statusShape,
  })
  .meta({ id: "ForgottenDeployment", description: "What was known of a deployment that is forgotten." });

/** What the status says of a deployment, as the API tells it. */
export type StatusView = z.output<z.ZodObject<typeof statusShape>>;
