import { z } from "zod";
import { scopes, type ApiKey } from "./domain.ts";
import type { CreatedKey, KeyRequest } from "./service.ts";

/** Longest name of a key, characters. */
const nameLengthMax = 100;

const exampleId = "key_5e8f0c6d2a175e8f0c6d2a17";
const instant = z.iso.datetime({ offset: true });

/** Body of `POST /api/keys`. */
export const createKeyBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(nameLengthMax)
      .regex(/^\P{Cc}*$/u, "must not contain control characters")
      .meta({
        description: `What the key is for, 1 to ${nameLengthMax} characters.`,
        examples: ["search team"],
      }),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .transform((list) => [...new Set(list)])
      .default(["data"])
      .meta({
        description:
          "What it allows: `data` calls models; `admin` reads the log and changes configuration and keys.",
        examples: [["data"]],
      }),
    expires_at: instant.optional().meta({
      description:
        "From then on it is refused, ISO 8601, in the future; absent for a key that does not expire.",
      examples: ["2027-11-25T00:00:00Z"],
    }),
  })
  .meta({ id: "CreateKey", description: "What a new API key is to be." });

/** Path parameters of `DELETE /api/keys/{id}`. */
export const keyParams = z.object({
  id: z
    .string()
    .regex(/^key_[0-9a-f]{24}$/, "must be a key's id")
    .meta({ description: "The key's public id.", examples: [exampleId] }),
});

const keyShape = {
  id: z.string().meta({ description: "Public id; stands in the request log.", examples: [exampleId] }),
  name: z.string().meta({ description: "What it is for.", examples: ["search team"] }),
  prefix: z
    .string()
    .meta({ description: "Its first characters, to tell keys apart.", examples: ["sb_4fQ1aZ9k"] }),
  scopes: z.array(z.enum(scopes)).meta({ description: "What it allows.", examples: [["data"]] }),
  created_at: instant.meta({
    description: "When it was made, ISO 8601, UTC.",
    examples: ["2026-11-25T12:00:00.000Z"],
  }),
  expires_at: instant.nullable().meta({
    description: "From then on it is refused, ISO 8601, UTC; null for never.",
    examples: ["2027-11-25T00:00:00.000Z"],
  }),
  revoked_at: instant.nullable().meta({
    description: "Since then it is refused, ISO 8601, UTC; null while it is valid.",
    examples: [null],
  }),
  last_used_at: instant.nullable().meta({
    description: "Its last use, ISO 8601, UTC, to the minute and some seconds late; null for never.",
    examples: ["2026-11-25T12:34:00.000Z"],
  }),
};

/** Answer of `DELETE /api/keys/{id}`, and each key of a list. */
export const keyReply = z
  .object(keyShape)
  .meta({ id: "ApiKey", description: "An API key, without the key itself." });

/** Answer of `POST /api/keys`. */
export const createdKeyReply = z
  .object({
    ...keyShape,
    key: z.string().meta({
      description: "The key itself: shown this once, stored nowhere.",
      examples: ["sb_4fQ1aZ9kT0vXn3JpL7cWq8RmYb2HsGdE5uKiOo6VtAyBz1cDeF"],
    }),
  })
  .meta({ id: "CreatedApiKey", description: "A new API key." });

/** Answer of `GET /api/keys`. */
export const listKeysReply = z
  .object({ keys: z.array(keyReply).meta({ description: "Newest first, revoked and expired ones too." }) })
  .meta({ id: "ApiKeys", description: "All API keys." });

/** A key, as `/api/keys` tells it. */
export type KeyView = z.output<typeof keyReply>;

/** The request that a parsed body makes. */
export function keyRequestOf({
  name,
  scopes,
  expires_at: expiresAt,
}: z.output<typeof createKeyBody>): KeyRequest {
  return { name, scopes, ...(expiresAt !== undefined && { expiresAtMs: Date.parse(expiresAt) }) };
}

/** A key, as `/api/keys` tells it. Its hash stays inside. */
export function keyView(key: ApiKey): KeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: [...key.scopes],
    created_at: instantOf(key.createdAtMs),
    expires_at: key.expiresAtMs === undefined ? null : instantOf(key.expiresAtMs),
    revoked_at: key.revokedAtMs === undefined ? null : instantOf(key.revokedAtMs),
    last_used_at: key.lastUsedAtMs === undefined ? null : instantOf(key.lastUsedAtMs),
  };
}

/** A new key with the key itself, as `POST /api/keys` answers. */
export function createdKeyView({ key, secret }: CreatedKey): z.output<typeof createdKeyReply> {
  return { ...keyView(key), key: secret };
}

function instantOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
