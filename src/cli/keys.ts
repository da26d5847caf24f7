import { z } from "zod";
import { callControlPlane, type ServerAddress } from "#client/signalbox-client.ts";
import type { Output } from "#cli/output.ts";

const keyShape = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  revoked_at: z.string().nullable(),
});
const newKeyShape = keyShape.extend({ key: z.string() });
const keyListShape = z.object({ keys: z.array(keyShape) });

/** `signalbox keys create`: makes a key and shows it, this once. */
export async function createKey(server: ServerAddress, name: string, output: Output): Promise<void> {
  const created = await callControlPlane(
    server,
    { method: "POST", path: "/api/keys", body: { name } },
    newKeyShape,
  );
  output.result({
    json: created,
    lines: [`Key ${created.id} for "${created.name}" (shown this once):`, created.key],
  });
}

/** `signalbox keys list`: every key, without its secret. */
export async function listKeys(server: ServerAddress, output: Output): Promise<void> {
  const { keys } = await callControlPlane(server, { method: "GET", path: "/api/keys" }, keyListShape);
  const lines = keys.map(
    (key) => `${key.id}  ${key.created_at}  ${key.revoked_at === null ? "valid  " : "revoked"}  ${key.name}`,
  );
  output.result({ json: keys, lines: keys.length > 0 ? lines : ["There are no keys"] });
}

/** `signalbox keys revoke`: makes a key invalid. */
export async function revokeKey(server: ServerAddress, id: string, output: Output): Promise<void> {
  await callControlPlane(
    server,
    { method: "DELETE", path: `/api/keys/${encodeURIComponent(id)}` },
    z.unknown(),
  );
  output.result({ json: { id, revoked: true }, lines: [`Key ${id} is revoked`] });
}
