import type * as googleAuthLibrary from "google-auth-library";
import type { AuthClient, OAuth2ClientOptions } from "google-auth-library";
import { AppError } from "#core/kernel/app-error.ts";
import { Secret } from "#core/kernel/secret.ts";
import { readCredentialFile, type CredentialFile } from "./credential-file.ts";
import type { TokenSource } from "./token-port.ts";

/** What a token may do: https://cloud.google.com/vertex-ai/docs/authentication, read 2026-11-25. */
const scope = "https://www.googleapis.com/auth/cloud-platform";
/** The endpoint that google-auth-library calls whatever a credential's `token_uri` says (11.3.4). */
const googleTokenUrl = "https://oauth2.googleapis.com/token";
/** One HTTP call of the library's may take so long, ms; it may make three. */
const callTimeoutMs = 5_000;
/** All that it takes to get a token, ms: three calls, or looking for a metadata server. */
const fetchTimeoutMs = 20_000;
/** A token that ends within this time is not given again, ms; more than FreshToken's lead. */
const tooOldMs = 10 * 60_000;

/**
 * Tokens of Google Cloud by google-auth-library, which is loaded now and not before. A call that takes too long fails.
 * @param options.credentialsFile path of a credential; undefined is the application-default ones
 * @param options.project id of the project, so that the library need not look for it
 * @throws AppError invalid-configuration when the file is none; what else can go wrong is told by `fetch`
 */
export async function googleTokens(options: {
  readonly credentialsFile: string | undefined;
  readonly project: string;
}): Promise<TokenSource> {
  const client = await openClient(options);
  return {
    async fetch() {
      try {
        return await withinTime(async () => tokenOf(await client()));
      } catch (error) {
        throw refused(error);
      }
    },
  };
}

type Library = typeof googleAuthLibrary;

/** Gives the client that makes tokens; the application-default one is looked for at each try until it is found. */
async function openClient({
  credentialsFile,
  project,
}: Parameters<typeof googleTokens>[0]): Promise<() => Promise<AuthClient>> {
  const credential = credentialsFile === undefined ? undefined : await readCredentialFile(credentialsFile);
  const library = await import("google-auth-library");
  if (credential) {
    const client = clientOf(library, credential);
    return async () => client;
  }
  const auth = new library.GoogleAuth({ scopes: [scope], projectId: project, clientOptions: optionsOf() });
  return () => auth.getClient();
}

function clientOf(library: Library, credential: CredentialFile): AuthClient {
  const tokenUrl = credential.token_uri ?? googleTokenUrl;
  const options = optionsOf(tokenUrl);
  if (credential.type === "authorized_user") {
    return new library.UserRefreshClient({
      ...options,
      clientId: credential.client_id,
      clientSecret: credential.client_secret,
      refreshToken: credential.refresh_token,
    });
  }
  return new library.JWT({
    ...options,
    email: credential.client_email,
    key: credential.private_key,
    ...(credential.private_key_id !== undefined && { keyId: credential.private_key_id }),
    scopes: [scope],
    additionalClaims: { aud: tokenUrl },
  });
}

function optionsOf(
  tokenUrl = googleTokenUrl,
): Pick<OAuth2ClientOptions, "eagerRefreshThresholdMillis" | "transporterOptions"> {
  return {
    eagerRefreshThresholdMillis: tooOldMs,
    transporterOptions: {
      timeout: callTimeoutMs,
      // A credential may name another token server: a mirror behind a firewall, or a test's.
      adapter: (call, send) =>
        send(String(call.url) === googleTokenUrl ? { ...call, url: new URL(tokenUrl) } : call),
    },
  };
}

async function tokenOf(client: AuthClient) {
  const { token } = await client.getAccessToken();
  const { expiry_date: expiresAtMs } = client.credentials;
  if (!token || typeof expiresAtMs !== "number") {
    throw new Error("the token server gave no token, or one without an end");
  }
  return { token: new Secret(token), expiresAtMs };
}

async function withinTime<Value>(job: () => Promise<Value>): Promise<Value> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timeout = setTimeout(
      () => reject(new Error(`no answer within ${fetchTimeoutMs / 1_000} s`)),
      fetchTimeoutMs,
    );
    timeout.unref();
  });
  try {
    return await Promise.race([job(), tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}

/** The library's errors carry the whole call, with the key's signature or the refresh token in it: only words are kept. */
function refused(error: unknown): AppError {
  const words = error instanceof Error ? error.message.slice(0, 300) : "an unknown failure";
  return new AppError("upstream-failed", `Cannot get a token from Google: ${words}`, { retryable: true });
}
