import { describe, expect, test } from "vitest";
import type { Deployment } from "#core/routing/deployment.ts";
import { modelFacts } from "#features/catalog/index.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import type { VerificationAnswer, VerificationCall } from "./ask.ts";
import { verify } from "./verify.ts";

const deployment: Deployment = {
  name: "vectors",
  provider: "in-house",
  model: modelFacts("bge-m3", "openai-chat"),
  weight: 1,
};

/** What a server makes of each text, and how much of each vector it gives. */
interface Server {
  readonly vectorOf?: (text: string) => readonly number[];
  readonly shortens?: boolean;
  readonly tokens?: number;
  /** Answered with 400. */
  readonly refuses?: (input: readonly string[], dimensions: number | undefined) => boolean;
  readonly reverses?: boolean;
}

/** Four numbers of a text that no other of these texts has. */
function honest(text: string): readonly number[] {
  return [text.length, text.indexOf("e"), text.indexOf("s"), text.codePointAt(0) ?? 0];
}

function answered({ body }: VerificationCall, server: Server): VerificationAnswer {
  const { input, dimensions: told } = body;
  const texts = (Array.isArray(input) ? input : [input]).map(String);
  const dimensions = typeof told === "number" ? told : undefined;
  const { vectorOf = honest, shortens = true, tokens = 7, refuses = () => false, reverses = false } = server;
  const answer = { requestId: `req_${texts.length}`, ended: false };
  if (refuses(texts, dimensions)) return { ...answer, status: 400, payloads: [], problem: "400: no" };
  const vectors = texts.map((text) => vectorOf(text).slice(0, shortens ? dimensions : undefined));
  const data = (reverses ? vectors.toReversed() : vectors).map((embedding, index) => ({
    index,
    embedding: [...embedding],
  }));
  return {
    ...answer,
    status: 200,
    payloads: [{ data, ...(tokens > 0 && { usage: { prompt_tokens: tokens } }) }],
  };
}

async function outcomes(server: Server): Promise<Readonly<Record<string, string>>> {
  const { lines } = await verify({
    deployment,
    kind: "embeddings",
    ask: (call) => Promise.resolve(answered(call, server)),
    clock: new FakeTime(),
    onLine: () => undefined,
  });
  return Object.fromEntries(lines.map(({ check, outcome, detail }) => [check, `${outcome}: ${detail}`]));
}

describe("a deployment that makes vectors", () => {
  test("passes when it embeds one text, several, and at another length, and says what it took", async () => {
    expect(await outcomes({})).toEqual({
      vector: "passed: embeds a text in 4 numbers",
      batch: "passed: embeds 3 texts in one call, each in its place",
      dimensions: "passed: gives vectors of another length (2 numbers)",
      usage: "passed: each answer says how many tokens it took",
      price: "failed: nobody knows what bge-m3 costs there: give it a price (--price, or `price`)",
    });
  });

  test("is not asked further when no vector comes", async () => {
    expect(await outcomes({ vectorOf: () => [] })).toMatchObject({
      vector: "failed: no vector comes",
      batch: "skipped: vector failed",
      dimensions: "skipped: vector failed",
      usage: "skipped: vector failed",
    });
  });

  test.each([
    [{ vectorOf: () => [0, 0, 0] }, { vector: "failed: the vector is nothing but zeros" }],
    [{ vectorOf: () => [1, Number.NaN] }, { vector: "failed: not all of the vector are numbers" }],
    [{ reverses: true }, { batch: "failed: the vectors are not in the order of the texts" }],
    [
      { vectorOf: (text: string) => honest(text).slice(text.startsWith("S") ? 1 : 0) },
      { batch: "failed: not all vectors have the same length" },
    ],
  ])("fails at what is wrong with it: %#", async (server, lines) => {
    expect(await outcomes(server)).toMatchObject(lines);
  });

  test("is not held to what its provider says that it does not do, or does not say", async () => {
    const refuses = (input: readonly string[], dimensions: number | undefined) =>
      input.length > 1 || dimensions !== undefined;
    expect(await outcomes({ refuses, tokens: 0 })).toMatchObject({
      batch: "skipped: takes one text a call (400: no)",
      dimensions: "skipped: gives no other length than 4 (400: no)",
      usage: "skipped: its provider does not say; it is estimated",
    });
    expect(await outcomes({ shortens: false })).toMatchObject({
      dimensions: "skipped: gives 4 numbers, whatever length is asked for",
    });
  });
});
