import type { IncomingHttpHeaders } from "node:http";

/** Longest credential that is looked at, characters: hashing must not cost what a client likes. */
const credentialLengthMax = 512;

/**
 * The key that a request brings, wherever the clients of the dialects put it: `Authorization: Bearer`,
 * `x-goog-api-key` (Gemini), `x-api-key` (Anthropic), `?key=` (Gemini). The first of these that is there counts.
 */
export function credentialOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const found =
    bearer(headers.authorization) ??
    single(headers["x-goog-api-key"]) ??
    single(headers["x-api-key"]) ??
    query.get("key") ??
    undefined;
  const credential = found?.trim();
  if (credential === undefined || credential === "") return undefined;
  return credential.slice(0, credentialLengthMax);
}

function bearer(header: string | undefined): string | undefined {
  return /^bearer\s+(\S.*)$/i.exec(header ?? "")?.[1];
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header !== "" ? header : undefined;
}
