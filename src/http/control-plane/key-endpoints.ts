import { z } from "zod";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { served } from "#http/served.ts";

/** An API key as it is kept: its secret is not. */
export interface KeyRecord {
  /** Public id; it stands in the request log. */
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
}

/** Makes, lists and revokes API keys. */
export interface KeyService {
  list(): Promise<readonly KeyRecord[]>;
  /** The key's secret is told once, here. */
  create(input: { readonly name: string }): Promise<{ readonly key: KeyRecord; readonly secret: string }>;
  /** Revoking a revoked key changes nothing. @throws AppError `not-found` */
  revoke(id: string): Promise<void>;
}

const keyFields = {
  id: described(z.string(), "Public id; the request log carries it.", "key_8f3a"),
  name: described(z.string(), "What it is for.", "search service"),
  created_at: described(z.string(), "When it was made, ISO 8601 in UTC.", "2026-11-25T10:00:00.000Z"),
  revoked_at: described(
    z.string().nullable(),
    "When it was revoked, ISO 8601 in UTC; null while it works.",
    "2026-12-01T10:00:00.000Z",
  ),
};

const keyView = z.object(keyFields).meta({ id: "ApiKey", description: "An API key, without its secret." });

const newKeyView = z
  .object({
    ...keyFields,
    secret: described(
      z.string(),
      "The key itself. It is told this once and kept as a hash only.",
      "sb_example-not-a-key",
    ),
  })
  .meta({ id: "NewApiKey", description: "An API key that was just made." });

/** `/api/keys`: API keys. */
export function keyEndpoints(keys: KeyService): readonly ServedEndpoint[] {
  const shared = { path: "/api/keys", tag: "Administration", protection: "admin" } as const;
  return [
    served({
      ...shared,
      method: "GET",
      operationId: "listKeys",
      summary: "List API keys",
      description: "Every API key, also revoked ones, newest first. Secrets are not kept and cannot be told.",
      response: z
        .object({ keys: described(z.array(keyView), "The keys.") })
        .meta({ id: "ApiKeyList", description: "The keys." }),
      responseDescription: "The keys.",
      answer: async () => ({ keys: (await keys.list()).map(viewOfKey) }),
    }),
    served({
      ...shared,
      method: "POST",
      operationId: "createKey",
      summary: "Make an API key",
      description: "Makes an API key. From the first key on the data plane asks for one.",
      body: z
        .strictObject({
          name: described(
            z.string().trim().min(1).max(100),
            "What it is for, 1 to 100 characters.",
            "search service",
          ),
        })
        .meta({ id: "NewApiKeyRequest", description: "The key to make." }),
      status: 201,
      response: newKeyView,
      responseDescription: "The key with its secret, told this once.",
      answer: async ({ body }) => {
        const { key, secret } = await keys.create(body);
        return { ...viewOfKey(key), secret };
      },
    }),
    served({
      ...shared,
      method: "DELETE",
      path: "/api/keys/{id}",
      operationId: "revokeKey",
      summary: "Revoke an API key",
      description: "From now on calls with this key are refused. It stays in the list, for the log names it.",
      params: z.object({ id: described(z.string().min(1).max(100), "Public id of the key.", "key_8f3a") }),
      status: 204,
      response: z.void(),
      responseDescription: "It is revoked.",
      answer: ({ params }) => keys.revoke(params.id),
    }),
  ];
}

function viewOfKey(key: KeyRecord): z.output<typeof keyView> {
  return {
    id: key.id,
    name: key.name,
    created_at: new Date(key.createdAtMs).toISOString(),
    revoked_at: key.revokedAtMs === undefined ? null : new Date(key.revokedAtMs).toISOString(),
  };
}
