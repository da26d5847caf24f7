import { expect, test } from "vitest";
import { signWebhook, verifyWebhook, webhookSecretSchema } from "./webhook-signature.ts";

const nowMs = 1_614_265_330_000;
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}', secret };
const timestamp = "1614265330";
/** Made with Python's hmac and hashlib over the text `msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}`. */
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const call = { ...message, timestamp, signature };

test("a call is signed over its id, its time and its body", () => {
  expect(signWebhook({ ...message, timestampS: 1_614_265_330 })).toBe(signature);
  const bytes = new TextEncoder().encode(message.body);
  expect(signWebhook({ ...message, body: bytes, timestampS: 1_614_265_330 })).toBe(signature);
  const bare = secret.slice("whsec_".length);
  expect(signWebhook({ ...message, secret: bare, timestampS: 1_614_265_330 })).toBe(signature);
});

test("a call is believed within five minutes, before and after", () => {
  expect(verifyWebhook(call, nowMs)).toEqual({ ok: true, value: nowMs });
  expect(verifyWebhook(call, nowMs + 300_000).ok).toBe(true);
  expect(verifyWebhook(call, nowMs - 300_000).ok).toBe(true);
  expect(verifyWebhook(call, nowMs + 300_001)).toEqual({ ok: false, error: "too old" });
  expect(verifyWebhook(call, nowMs - 300_001)).toEqual({ ok: false, error: "too far ahead" });
});

test("whatever of a call is changed, its signature is wrong", () => {
  const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  for (const changed of [
    { id: "msg_2" },
    { body: '{"test": 2432232315}' },
    { timestamp: "1614265331" },
    { secret: other },
    { signature: "v1,AAAA" },
    { signature: `v1,${"A".repeat(43)}=` },
  ])
    expect(verifyWebhook({ ...call, ...changed }, nowMs)).toEqual({ ok: false, error: "wrong signature" });
});

test("one of several signatures is enough, such as while a secret is replaced", () => {
  const several = { ...call, signature: `v1,${"A".repeat(43)}= v1a,AAAA ${signature}` };
  expect(verifyWebhook(several, nowMs).ok).toBe(true);
});

test("what is missing is named", () => {
  expect(verifyWebhook({ ...call, id: "" }, nowMs)).toEqual({ ok: false, error: "no signature" });
  expect(verifyWebhook({ ...call, signature: "v1a,AAAA" }, nowMs)).toEqual({
    ok: false,
    error: "no signature",
  });
  for (const wrong of ["", "soon", "1614265330.5", "-1", "9".repeat(13)])
    expect(verifyWebhook({ ...call, timestamp: wrong }, nowMs)).toEqual({ ok: false, error: "no time" });
});

test("a secret is 24 to 64 bytes in base64", () => {
  const bytes = (count: number): string => Buffer.alloc(count, 7).toString("base64");
  for (const right of [secret, bytes(24), `whsec_${bytes(64)}`])
    expect(webhookSecretSchema.safeParse(right).success).toBe(true);
  for (const wrong of ["", "whsec_", bytes(23), bytes(65), `${bytes(24)}!`, `shared_${bytes(24)}`])
    expect(webhookSecretSchema.safeParse(wrong).success).toBe(false);
});
