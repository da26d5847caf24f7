import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import type { Secret } from "#core/kernel/secret.ts";
import { verifyWebhook, webhookAgeSMax, type WebhookProblem } from "#core/kernel/webhook-signature.ts";
import type { OutcomeWebhook } from "#features/configuration/index.ts";
import type { KeptFeedback, OutcomeService } from "#features/traffic/index.ts";
import { parseJsonBody } from "#http/data-plane/parse-json-body.ts";
import type { RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { problemSchema } from "#http/openapi/problem-schema.ts";
import { InvalidFieldsError } from "#http/problem.ts";
import { inputReader } from "#http/served.ts";

/** What calls of other systems are taken by. */
export interface WebhookPorts {
  readonly service: Pick<OutcomeService, "take">;
  /** A webhook of the configuration in force; undefined when there is none of this name. */
  readonly webhook: (name: string) => ConfiguredWebhook | undefined;
  /** Wall clock, ms since 1970. */
  readonly nowMs: () => number;
}

/** A webhook with the secret that its sender signs with. */
export interface ConfiguredWebhook {
  readonly settings: OutcomeWebhook;
  readonly secret: Secret;
}

/** `POST /hooks/outcomes/{name}`: another system tells of an outcome. */
export function outcomeWebhookEndpoint(ports: WebhookPorts): ServedEndpoint {
  return {
    ...endpoint,
    async handle(input) {
      const { name } = readParams(input).params;
      const hook = ports.webhook(name);
      if (!hook)
        throw new AppError(
          "not-found",
          `Cannot take the outcome: a webhook of signalbox.yaml is wanted, there is no "${name}"`,
        );
      const bytes = Buffer.isBuffer(input.body) ? input.body : Buffer.alloc(0);
      const id = verified(input, bytes, { secret: hook.secret.reveal(), nowMs: ports.nowMs() });
      const taken = await ports.service.take(hook.settings, { id, body: parseJsonBody(bytes) }).catch(unkept);
      if (!taken.ok) throw new InvalidFieldsError(...fieldProblems(taken.error));
      return { status: 200, body: takenView(taken.value) };
    },
  };
}

function takenView(kept: KeptFeedback | undefined): z.output<typeof reply> {
  return kept ? { result: kept.change, state: kept.feedback.state } : { result: "ignored", state: null };
}

const problem = { "application/problem+json": problemSchema };

const reply = z
  .object({
    result: z.enum(["created", "revised", "superseded", "unchanged", "ignored"]).meta({
      description:
        "What it changed, as of feedback; `unchanged` when it was known, `ignored` when the body tells of something else (`when`).",
      examples: ["created"],
    }),
    state: z
      .enum(["joined", "pending", "expired"])
      .nullable()
      .meta({
        description: "Whether what it is about is known; null when it was ignored.",
        examples: ["joined"],
      }),
  })
  .meta({ id: "OutcomeTaken", description: "What became of the call." });

const header = (description: string, example: string) =>
  z.string().meta({ description, examples: [example] });

const endpoint = {
  method: "POST",
  path: "/hooks/outcomes/{name}",
  operationId: "takeOutcome",
  tag: "Feedback",
  summary: "Tell of an outcome",
  description:
    "For other systems: a call that is signed as Standard Webhooks says, with the secret of the webhook in signalbox.yaml, which also says where in the body what stands (`outcomes.webhooks`). " +
    "Sent again, it changes nothing.",
  protection: "signature",
  params: z.object({
    name: z.string().meta({ description: "The webhook's name in signalbox.yaml.", examples: ["crm"] }),
  }),
  headers: z.object({
    "webhook-id": header("The same each time one message is sent.", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"),
    "webhook-timestamp": header("When it was sent, seconds since 1970.", "1764072000"),
    "webhook-signature": header(
      "`v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64; several with a space between.",
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
  }),
  body: z.looseObject({}).meta({
    description: "What the other system sends.",
    examples: [{ type: "order.paid", data: { id: 8812 } }],
  }),
  isBodyRaw: true,
  errors: "problem",
  replies: {
    200: {
      description: "It is kept, was known, or tells of something else.",
      content: { "application/json": reply },
    },
    400: {
      description: "What the body says cannot be kept; sending it again does not help.",
      content: problem,
    },
    401: { description: "The signature is missing or wrong, or the call is too old.", content: problem },
    404: { description: "There is no such webhook.", content: problem },
    413: { description: "The body is too large; at most 1 MiB.", content: problem },
    503: { description: "The database is away: nothing was kept, try again.", content: problem },
  },
} as const satisfies Omit<ServedEndpoint, "handle">;

const readParams = inputReader({ method: "POST", path: endpoint.path, params: endpoint.params });

const problems: Readonly<Record<WebhookProblem, string>> = {
  "no signature":
    "the headers webhook-id and webhook-signature with a signature v1 are wanted, one is missing",
  "no time": "the header webhook-timestamp in seconds since 1970 is wanted, it is missing or something else",
  "wrong signature": "a signature with the webhook's secret is wanted, it is another",
  "too old": `a call of at most ${webhookAgeSMax} seconds ago is wanted, it is older`,
  "too far ahead": `a call at most ${webhookAgeSMax} seconds ahead is wanted, it is further`,
};

/** The id of the call. @throws AppError `unauthenticated` */
function verified(
  { headers }: RawInput,
  body: Buffer,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): string {
  const text = (name: string): string => String(headers[name] ?? "");
  const id = text("webhook-id");
  const call = {
    id,
    body,
    secret,
    timestamp: text("webhook-timestamp"),
    signature: text("webhook-signature"),
  };
  const result = verifyWebhook(call, nowMs);
  if (!result.ok) throw new AppError("unauthenticated", `Cannot take the outcome: ${problems[result.error]}`);
  return id;
}

const finalCodes: ReadonlySet<AppError["code"]> = new Set(["expired", "not-found", "conflict"]);

/** What cannot be kept is the body's fault; that something is gone (410) or not found would end the webhook at some senders. */
function unkept(error: unknown): never {
  if (!(error instanceof AppError) || !finalCodes.has(error.code)) throw error;
  throw new AppError("invalid-request", error.message, { cause: error });
}

type Problems = Extract<Awaited<ReturnType<OutcomeService["take"]>>, { readonly ok: false }>["error"];

function fieldProblems(found: Problems): ConstructorParameters<typeof InvalidFieldsError> {
  const fields = found.map(({ column, wanted, actual }) => ({
    field: ["body", column].filter(Boolean).join("."),
    wanted,
    actual,
  }));
  const [first] = fields;
  const text = first ? `${first.field} must be ${first.wanted}, it is ${first.actual}` : "it is wrong";
  return [`Cannot take the outcome: ${text}`, fields];
}
