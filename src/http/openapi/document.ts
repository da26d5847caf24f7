import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from "zod-openapi";
import type { z } from "zod";
import { tags, type Endpoint, type Protection, type Reply } from "#http/endpoint.ts";
import { problemSchema } from "./problem-schema.ts";

/** What the document says about the whole. */
export interface DocumentInfo {
  /** Version of Signalbox. */
  readonly version: string;
  /** Whether answers of the configured providers are emulated; shown at the top. */
  readonly emulated: boolean;
}

type Document = ReturnType<typeof createDocument>;

const about = `One address in front of many language models.

**Try it.** Open an operation, change its example or leave it, and press *Execute*. Where the gateway asks for keys,
press *Authorize* first. This page shows a stream when it has ended; [the playground](/playground) shows it token by token, beside the
decision that was taken.

Each answer carries \`x-signalbox-request-id\`; \`GET /api/requests/{id}\` tells what happened to it.`;

/** The OpenAPI 3.1 document of these endpoints. */
export function openApiDocument(endpoints: readonly Endpoint[], info: DocumentInfo): Document {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const endpoint of endpoints) {
    const path = (paths[endpoint.path] ??= {});
    path[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Signalbox",
        version: info.version,
        description: info.emulated
          ? `${about}\n\n**Emulated:** a provider without a key is played by the built-in emulator; its answers carry \`x-signalbox-emulated: true\`.`
          : about,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/", description: "This Signalbox" }],
      tags: tags.map(({ name, description }) => ({ name, description })),
      paths,
      components: { securitySchemes },
    },
    { override: openObjects },
  );
}

/**
 * An object that takes unknown fields says so in JSON Schema by saying nothing: the `{}` that zod writes makes Swagger
 * UI invent fields in its examples.
 */
function openObjects({ jsonSchema }: { readonly jsonSchema: Record<string, unknown> }): void {
  const rest = jsonSchema["additionalProperties"];
  const open = typeof rest === "object" && rest !== null && Object.keys(rest).length === 0;
  if (open && jsonSchema["properties"] !== undefined) delete jsonSchema["additionalProperties"];
}

const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "An API key, as OpenAI clients send it: `Authorization: Bearer <key>`.",
  },
  googApiKey: {
    type: "apiKey",
    in: "header",
    name: "x-goog-api-key",
    description: "An API key, as Gemini clients send it.",
  },
  anthropicApiKey: {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    description: "An API key, as Anthropic clients send it.",
  },
  adminKey: {
    type: "http",
    scheme: "bearer",
    description:
      "The admin key (`SIGNALBOX_ADMIN_KEY`), or an API key with the scope `admin`: `Authorization: Bearer <key>`.",
  },
  webhookSignature: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description: "A signature of the body as Standard Webhooks says, with the secret of the webhook.",
  },
} as const;

/** The empty requirement says that an open gateway asks for nothing. */
const security: Readonly<Record<Protection, readonly Record<string, string[]>[]>> = {
  none: [],
  key: [{ bearer: [] }, { googApiKey: [] }, { anthropicApiKey: [] }, {}],
  admin: [{ adminKey: [] }, {}],
  signature: [{ webhookSignature: [] }],
};

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, headers } = endpoint;
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: endpoint.description,
    security: [...security[endpoint.protection]],
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(headers && { header: headers }),
    },
    ...(endpoint.streamed && {
      requestBody: { required: true, content: contentOf(endpoint.streamed) },
    }),
    ...(endpoint.body && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: endpoint.body,
            ...(endpoint.examples && { examples: { ...endpoint.examples } }),
          },
        },
      },
    }),
    responses: { ...replies(endpoint.replies), ...errorReplies(endpoint) },
  };
}

function replies(
  byStatus: Readonly<Record<number, Reply>>,
): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  const result: Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> = {};
  for (const [status, reply] of Object.entries(byStatus)) {
    // Statuses are numbers of three digits by their type's use; OpenAPI writes them as text.
    result[status as `2${string}`] = {
      description: reply.description,
      ...(reply.headers && { headers: reply.headers }),
      ...(reply.content && {
        content: contentOf(reply.content),
      }),
    };
  }
  return result;
}

function contentOf(
  schemas: NonNullable<Reply["content"]>,
): Readonly<Record<string, { readonly schema: z.ZodType }>> {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}

/** The errors that every control-plane endpoint can give. Those of the data plane stand at its endpoints. */
function errorReplies(endpoint: Endpoint): Record<string, ZodOpenApiResponseObject> {
  if (endpoint.errors !== "problem") return {};
  const content = { "application/problem+json": { schema: problemSchema } };
  return {
    ...(hasInput(endpoint) && {
      "400": { description: "A value is not as wanted: `errors` names each field.", content },
    }),
    ...(endpoint.protection === "admin" && {
      "401": { description: "The admin key is missing or wrong.", content },
    }),
    ...(endpoint.params && { "404": { description: "There is no such thing.", content } }),
    default: { description: "Any other failure (RFC 9457).", content },
  };
}

function hasInput(endpoint: Endpoint): boolean {
  const { params, query, body, streamed } = endpoint;
  return [params, query, body, streamed].some((part) => part !== undefined);
}
