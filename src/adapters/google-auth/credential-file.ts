import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";

/** Longest file that is read, bytes: a real one has about 2,400. */
const fileBytesMax = 65_536;

const serviceAccount = z.object({
  type: z.literal("service_account"),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).optional(),
});

const authorizedUser = z.object({
  type: z.literal("authorized_user"),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
  token_uri: z.url({ protocol: /^https?$/ }).optional(),
});

const known = z.discriminatedUnion("type", [serviceAccount, authorizedUser]);

/** A credential of Google Cloud that needs no other one. */
export type CredentialFile = z.output<typeof known>;

/** What a file may be instead: google-auth-library reads these itself, as application-default credentials. */
const delegatedTypes: readonly string[] = [
  "external_account",
  "external_account_authorized_user",
  "impersonated_service_account",
  "gdch_service_account",
];

/**
 * Reads a credential. Errors name the file and what is missing in it, never a value.
 * @returns undefined for a kind that google-auth-library must read itself (workload identity, impersonation)
 * @throws AppError invalid-configuration
 */
export async function readCredentialFile(path: string): Promise<CredentialFile | undefined> {
  const parsed = parse(path, await textOf(path));
  const type = typeof parsed === "object" && parsed !== null && "type" in parsed ? parsed.type : undefined;
  if (typeof type === "string" && delegatedTypes.includes(type)) return undefined;
  const read = known.safeParse(parsed);
  if (read.success) return read.data;
  const fields = [...new Set(read.error.issues.map(({ path: field }) => field.join(".") || "the whole"))];
  throw refused(path, "a service account's or an authorized user's JSON", `wrong: ${fields.join(", ")}`);
}

async function textOf(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= fileBytesMax) return bytes.toString("utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw refused(path, "a readable file", code);
  }
  throw refused(path, `at most ${fileBytesMax} bytes`, "more");
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the file.
    throw refused(path, "JSON", "something else");
  }
}

function refused(path: string, wanted: string, actual: string): AppError {
  return new AppError(
    "invalid-configuration",
    `Cannot read credentials "${path}": ${wanted} is wanted, ${actual}`,
  );
}
