import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { embeddingConfig } from "#core/scoring/custom/custom-config.ts";
import { answered } from "../../../core/scoring/scored.test-support.ts";
import type { ModelReply } from "#features/evaluations/targets/model-reply.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { embeddingScorer } from "./embedding-scorer.ts";

const signal = new AbortController().signal;
const server = { baseUrl: "http://signalbox.test/v1", headers: {} };

/** The vector of each text. */
const vectors: Readonly<Record<string, readonly number[]>> = {
  near: [3, 4],
  answer: [6, 8],
  across: [-4, 3],
  opposite: [-3, -4],
};

function embedding(text: string, asBase64: boolean) {
  const numbers = vectors[text] ?? [];
  return asBase64 ? Buffer.from(Float32Array.from(numbers).buffer).toString("base64") : [...numbers];
}

function scored(
  reference: JsonObject[string],
  {
    text = "answer",
    config = {},
    asBase64 = false,
    reply,
  }: {
    readonly text?: string;
    readonly config?: object;
    readonly asBase64?: boolean;
    readonly reply?: ModelReply;
  } = {},
) {
  const bodies: JsonObject[] = [];
  const scorer = embeddingScorer(
    embeddingConfig.parse({ kind: "embedding_similarity", model: "embedder", ...config }),
    {
      server,
      timers: new FakeTime(),
      embed: async (_server, body) => {
        bodies.push(body);
        const texts = body["input"] as readonly string[];
        // Backwards: what counts is the index.
        const data = texts.map((one, index) => ({ index, embedding: embedding(one, asBase64) })).toReversed();
        const headers = { "x-signalbox-cost-usd": "0.25" };
        return reply ?? { kind: "answered", body: { data }, headers, latencyMs: 7 };
      },
    },
  );
  return { bodies, reply: Promise.resolve(scorer.score(answered({ text, fields: { reference } }), signal)) };
}

async function valueOf(...words: Parameters<typeof scored>): Promise<unknown> {
  const { score } = await scored(...words).reply;
  return score.kind === "scored" ? score.value : score.code;
}

describe("similarity of embeddings", () => {
  test("is the cosine of the answer and the reference", async () => {
    expect(await valueOf("near")).toBeCloseTo(1, 12);
    expect(await valueOf("across")).toBeCloseTo(0, 12);
    expect(await valueOf("opposite")).toBeCloseTo(-1, 12);
  });

  test("of several references is that of the nearest, in one call, whose cost stands apart", async () => {
    const { bodies, reply } = scored(["opposite", "near", "across"]);
    expect(await reply).toMatchObject({
      score: { kind: "scored", value: 1 },
      judging: { calls: 1, latencyMs: 7, costUsd: 0.25 },
    });
    expect(bodies).toEqual([
      { model: "embedder", input: ["answer", "opposite", "near", "across"], encoding_format: "float" },
    ]);
  });

  test("is the same where vectors come as base64, asked for or not", async () => {
    expect(await valueOf("near", { asBase64: true })).toBeCloseTo(1, 6);
  });

  test("passes at what is wanted, and passes nothing where nothing is said", async () => {
    expect((await scored("near", { config: { pass_at: 0.9 } }).reply).score).toMatchObject({ passed: true });
    expect((await scored("across", { config: { pass_at: 0.9 } }).reply).score).toMatchObject({
      passed: false,
    });
    expect((await scored("near").reply).score).not.toHaveProperty("passed");
  });

  test("an empty answer is like nothing, and costs nothing", async () => {
    const { bodies, reply } = scored("near", { text: " " });
    expect(await reply).toEqual({ score: { kind: "scored", value: 0 } });
    expect(bodies).toEqual([]);
  });

  test("without a reference, vectors or an answer there is no score", async () => {
    expect(await valueOf(null)).toBe("reference-missing");
    expect(await valueOf("a text without a vector")).toBe("scorer-failed");
    const failed = { code: "model_not_found", message: "gone", retryable: false, overload: false } as const;
    expect(await valueOf("near", { reply: { kind: "failed", ...failed } })).toBe("scorer-failed");
  });
});
