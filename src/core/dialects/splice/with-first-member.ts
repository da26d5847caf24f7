import type { RequestBody } from "#core/dialects/dialect.ts";
import { skipSpace } from "./scan-object.ts";

const openBrace = 0x7b;

/**
 * The body with one more member before its others, a text; every other byte stays, and a large body is not copied.
 *
 * @param body a JSON object that has members, as it was read or written
 */
export function withFirstMember(body: RequestBody, name: string, value: string): RequestBody {
  const member = `{${JSON.stringify(name)}:${JSON.stringify(value)},`;
  if (typeof body === "string") return member + body.slice(skipSpace(body, 0) + 1);
  const [first, ...others] = body instanceof Uint8Array ? [body] : body;
  if (!first) return body;
  return [Buffer.from(member, "utf8"), first.subarray(first.indexOf(openBrace) + 1), ...others];
}
