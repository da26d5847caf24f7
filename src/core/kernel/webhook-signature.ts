import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { failed, ok, type Result } from "./result.ts";

/** How old a call may be, and how far ahead its sender's clock, seconds: what is older is somebody else's repetition. */
export const webhookAgeSMax = 300;

/** What is signed of a call. */
export interface WebhookMessage {
  /** The header `webhook-id`: the same each time one message is sent. */
  readonly id: string;
  /** The body as it is on the wire. */
  readonly body: string | Uint8Array;
  /** As `webhookSecretSchema` takes it. */
  readonly secret: string;
}

/** The start of a secret, by which people and scanners know it; no part of the key. */
const secretPrefix = "whsec_";
/** Bytes of a key. */
const keyBytesMin = 24;
const keyBytesMax = 64;

/** A secret that both sides share: 24 to 64 random bytes in base64, with or without `whsec_` before it. */
export const webhookSecretSchema = z.string().refine(isWebhookSecret, {
  error: `must be ${keyBytesMin} to ${keyBytesMax} bytes in base64, with or without ${secretPrefix} before it`,
});

function isWebhookSecret(text: string): boolean {
  const isBase64 = /^(?:whsec_)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  const { length } = keyOf(text);
  return isBase64 && length >= keyBytesMin && length <= keyBytesMax;
}

/**
 * The header `webhook-signature` of a call: `v1,` and HMAC-SHA256(key, `<id>.<timestamp>.<body>`) in base64.
 * Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param message.timestampS the header `webhook-timestamp`, whole seconds since 1970
 */
export function signWebhook(message: WebhookMessage & { readonly timestampS: number }): string {
  return `v1,${digestOf(message, String(message.timestampS)).toString("base64")}`;
}

/** Why a call is not believed. */
export type WebhookProblem = "no signature" | "no time" | "too old" | "too far ahead" | "wrong signature";

/**
 * Whether who shares the secret sent a call, and just now. Compares in a time that tells nothing of the right signature.
 * @param message.timestamp the header `webhook-timestamp`
 * @param message.signature the header `webhook-signature`: any number of signatures with a space between, of which one must fit
 * @param nowMs ms since 1970
 * @returns when it was sent, ms since 1970
 */
export function verifyWebhook(
  message: WebhookMessage & { readonly timestamp: string; readonly signature: string },
  nowMs: number,
): Result<number, WebhookProblem> {
  const signatures = message.signature.split(" ").filter((text) => text.startsWith("v1,"));
  if (message.id === "" || signatures.length === 0) return failed("no signature");
  if (!/^\d{1,12}$/.test(message.timestamp)) return failed("no time");
  const sentMs = Number(message.timestamp) * 1_000;
  // The signature first: who does not know the secret learns nothing of our clock.
  const digest = digestOf(message, message.timestamp);
  if (!signatures.some((text) => isSame(digest, text.slice("v1,".length)))) return failed("wrong signature");
  if (nowMs - sentMs > webhookAgeSMax * 1_000) return failed("too old");
  return sentMs - nowMs > webhookAgeSMax * 1_000 ? failed("too far ahead") : ok(sentMs);
}

function digestOf({ id, body, secret }: WebhookMessage, timestamp: string): Buffer {
  return createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  return Buffer.from(text, "base64");
}

function isSame(digest: Buffer, base64: string): boolean {
  const sent = Buffer.from(base64, "base64");
  return sent.length === digest.length && timingSafeEqual(sent, digest);
}
