import {
  createdKeyReply,
  createdKeyView,
  createKeyBody,
  keyParams,
  keyReply,
  keyRequestOf,
  keyView,
  listKeysReply,
  type Access,
} from "#features/access/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** Makes, lists and revokes API keys. */
export type KeyService = Pick<Access, "listKeys" | "createKey" | "revokeKey">;

/** `/api/keys`: API keys. */
export function keyEndpoints(keys: KeyService): readonly ServedEndpoint[] {
  const shared = { path: "/api/keys", tag: "Administration", protection: "admin" } as const;
  return [
    served({
      ...shared,
      method: "GET",
      operationId: "listKeys",
      summary: "List API keys",
      description:
        "Every API key, revoked and expired ones too, newest first. The keys themselves are not kept.",
      response: listKeysReply,
      responseDescription: "The keys.",
      answer: async () => ({ keys: (await keys.listKeys()).map(keyView) }),
    }),
    served({
      ...shared,
      method: "POST",
      operationId: "createKey",
      summary: "Make an API key",
      description: "Makes an API key. From the first key on, calls to models need one.",
      body: createKeyBody,
      status: 201,
      response: createdKeyReply,
      responseDescription: "The key, told this once.",
      answer: async ({ body }) => createdKeyView(await keys.createKey(keyRequestOf(body))),
    }),
    served({
      ...shared,
      method: "DELETE",
      path: "/api/keys/{id}",
      operationId: "revokeKey",
      summary: "Revoke an API key",
      description: "From now on calls with this key are refused. It stays in the list, for the log names it.",
      params: keyParams,
      response: keyReply,
      responseDescription: "The revoked key.",
      answer: async ({ params }) => keyView(await keys.revokeKey(params.id)),
    }),
  ];
}
