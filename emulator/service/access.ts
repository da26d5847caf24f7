import type { IncomingHttpHeaders } from "node:http";
import { ApiFailure } from "../api-failure.ts";
import type { Flavour } from "../openai/errors.ts";

/** A key as a request carries it. */
export interface PresentedKey {
  readonly key: string;
  readonly kind: "google" | "bearer" | "none";
}

/** The key of a request: x-goog-api-key, ?key=, or Authorization: Bearer. */
export function presentedKey(headers: IncomingHttpHeaders, url: URL): PresentedKey {
  const googleKey = headers["x-goog-api-key"] ?? url.searchParams.get("key") ?? "";
  const google = Array.isArray(googleKey) ? (googleKey[0] ?? "") : googleKey;
  if (google !== "") return { key: google, kind: "google" };
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return bearer === undefined ? { key: "", kind: "none" } : { key: bearer, kind: "bearer" };
}

/** Whether a GET /v1/models comes from a client of the Gemini API. */
export function isGeminiClient(headers: IncomingHttpHeaders, presented: PresentedKey): boolean {
  return presented.kind === "google" || /google-genai-sdk|genai-js/.test(headers["user-agent"] ?? "");
}

/** The failure for a key that is missing or not accepted; undefined when all is well. */
export function keyFailure(
  { key }: PresentedKey,
  keyAccepted: (key: string) => boolean,
  flavour: Flavour,
): ApiFailure | undefined {
  if (key !== "" && keyAccepted(key)) return undefined;
  if (flavour === "plain") {
    return new ApiFailure(401, key === "" ? "You didn't provide an API key." : "Incorrect API key provided.");
  }
  return key === "" ? missingKey() : invalidKey();
}

/** The failure for a token that is missing or not accepted: Vertex AI takes no keys of the Gemini API. */
export function tokenFailure(
  { key, kind }: PresentedKey,
  keyAccepted: (key: string) => boolean,
): ApiFailure | undefined {
  if (kind === "bearer" && keyAccepted(key)) return undefined;
  return new ApiFailure(
    401,
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid " +
      "authentication credential.",
    {
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
          domain: "googleapis.com",
          metadata: { service: "aiplatform.googleapis.com" },
        },
      ],
    },
  );
}

function missingKey(): ApiFailure {
  return new ApiFailure(
    403,
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of " +
      "API consumer identity to call this API.",
  );
}

function invalidKey(): ApiFailure {
  const message = "API key not valid. Please pass a valid API key.";
  return new ApiFailure(400, message, {
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
        metadata: { service: "generativelanguage.googleapis.com" },
      },
      { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US", message },
    ],
  });
}
