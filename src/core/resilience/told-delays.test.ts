import { describe, expect, test } from "vitest";
import { decodeError as decodeGemini } from "#core/dialects/gemini/decode-error.ts";
import { decodeError as decodeChat } from "#core/dialects/openai-chat/decode-error.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import { cooldownOf } from "./cooldown.ts";

const { retryAfter, googleRetryInfo } = readVector("reliability/throttling-and-balancing.json") as {
  readonly retryAfter: {
    readonly nowUtc: string;
    readonly cases: readonly { readonly header: string; readonly seconds: number | null }[];
  };
  readonly googleRetryInfo: {
    readonly cases: readonly { readonly retryDelay: string; readonly ms: number | null }[];
  };
};

const nowMs = Date.parse(retryAfter.nowUtc);
/** What a 429 that says nothing readable is kept away for, ms. */
const unknownMs = 5000;

describe.each([
  ["Gemini", decodeGemini],
  ["OpenAI", decodeChat],
])("a 429 read as %s", (_dialect, decodeError) => {
  function cooldownMs(headers: Readonly<Record<string, string>>, details: readonly object[]): number {
    const error = { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED", details };
    const failure = decodeError(429, headers, JSON.stringify({ error }), nowMs);
    expect(failure.kind).toBe("rate-limited");
    const cooldown = cooldownOf(failure, { nowMs, repeats: 0, jitter: 0 });
    return (cooldown?.untilMs ?? Number.NaN) - nowMs;
  }

  test.each(retryAfter.cases)("with retry-after $header keeps away for $seconds s", ({ header, seconds }) => {
    expect(cooldownMs({ "retry-after": header }, [])).toBe(seconds === null ? unknownMs : seconds * 1000);
  });

  test.each(googleRetryInfo.cases)(
    "with a RetryInfo of $retryDelay keeps away for $ms ms",
    ({ retryDelay, ms }) => {
      const info = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
      // Decoders read whole milliseconds, upwards; a cooldown ends after 300 s.
      const wanted = ms === null ? unknownMs : Math.min(Math.ceil(ms), 300_000);
      expect(cooldownMs({}, [info])).toBe(wanted);
    },
  );
});
