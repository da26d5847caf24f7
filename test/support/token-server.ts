import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A token server as Google's is, on a free port, with credentials that it takes: it checks signatures and grants. */
export interface TokenServer extends AsyncDisposable {
  readonly url: string;
  /** Path of a service account's file. */
  readonly serviceAccountFile: string;
  /** Path of an authorized user's file. */
  readonly authorizedUserFile: string;
  /** Everything in both files that nobody may see. */
  readonly secrets: readonly string[];
  /** Grants so far, by their kind, in their order. */
  readonly grants: readonly string[];
  /** Every token given, oldest first. */
  readonly tokens: readonly string[];
  /** How long the tokens given from now on live, s. */
  lifetimeSeconds: number;
  /** The next calls are answered so; undefined is as usual, "hang" is never. */
  trouble: number | "hang" | undefined;
}

const clientEmail = "signalbox@test-project.iam.gserviceaccount.com";
const refreshToken = "refresh-not-to-be-seen";
const clientSecret = "client-secret-not-to-be-seen";

/** Starts one. */
export async function startTokenServer(): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const grants: string[] = [];
  const tokens: string[] = [];
  const state: Pick<TokenServer, "lifetimeSeconds" | "trouble"> = {
    lifetimeSeconds: 3_600,
    trouble: undefined,
  };
  const server = createServer((request, response) => {
    void readForm(request).then((form) => {
      if (state.trouble === "hang") return;
      const { trouble } = state;
      if (trouble !== undefined) return reply(response, trouble, { error: "temporarily_unavailable" });
      const grant = grantOf(form, { url: url(), verifies });
      grants.push(grant);
      if (grant === "refused")
        return reply(response, 400, { error: "invalid_grant", error_description: "Bad grant." });
      const token = `ya29.${grant}-${tokens.length + 1}-not-to-be-seen`;
      tokens.push(token);
      return reply(response, 200, {
        access_token: token,
        expires_in: state.lifetimeSeconds,
        token_type: "Bearer",
      });
    });
  });
  const verifies = (signed: string, signature: string): boolean =>
    verify("RSA-SHA256", Buffer.from(signed), publicKey, Buffer.from(signature, "base64url"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address of this form.
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  const folder = mkdtempSync(join(tmpdir(), "signalbox-token-"));
  const write = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  return {
    url: url(),
    serviceAccountFile: write("service-account.json", {
      type: "service_account",
      project_id: "test-project",
      private_key_id: "key-1",
      private_key: pem,
      client_email: clientEmail,
      token_uri: url(),
    }),
    authorizedUserFile: write("authorized-user.json", {
      type: "authorized_user",
      client_id: "client-1",
      client_secret: clientSecret,
      refresh_token: refreshToken,
      token_uri: url(),
    }),
    secrets: [refreshToken, clientSecret, pem, "not-to-be-seen"],
    grants,
    tokens,
    get lifetimeSeconds() {
      return state.lifetimeSeconds;
    },
    set lifetimeSeconds(seconds) {
      state.lifetimeSeconds = seconds;
    },
    get trouble() {
      return state.trouble;
    },
    set trouble(trouble) {
      state.trouble = trouble;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

/** RFC 7523 and RFC 6749 section 6, as far as Google asks for them. */
function grantOf(
  form: URLSearchParams,
  server: { readonly url: string; readonly verifies: (signed: string, signature: string) => boolean },
): "service-account" | "authorized-user" | "refused" {
  if (form.get("grant_type") === "refresh_token") {
    const isRight =
      form.get("refresh_token") === refreshToken &&
      form.get("client_id") === "client-1" &&
      form.get("client_secret") === clientSecret;
    return isRight ? "authorized-user" : "refused";
  }
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer") return "refused";
  const [header = "", payload = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  if (!server.verifies(`${header}.${payload}`, signature)) return "refused";
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
  const isRight =
    typeof claims === "object" &&
    claims !== null &&
    "iss" in claims &&
    claims.iss === clientEmail &&
    "aud" in claims &&
    claims.aud === server.url &&
    "scope" in claims &&
    claims.scope === "https://www.googleapis.com/auth/cloud-platform";
  return isRight ? "service-account" : "refused";
}
