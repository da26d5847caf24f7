import type { Principal } from "#features/access/index.ts";

/** Who is calling, as it is kept beside what they change: a key's id, `admin` or `anyone`. */
export function principalName(principal: Principal): string {
  return principal.kind === "key" ? principal.keyId : principal.kind;
}
