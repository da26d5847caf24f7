import { expect } from "vitest";
import { summed, type CaseWorld, type ContractCase } from "./contract-case.ts";

/**
 * Ways in which a stream can end before its answer does, as the emulator plays them. A connection that is reset may take
 * with it what had been sent.
 */
const brokenStreams = [
  { fault: "cut-after-tokens", least: 0 },
  { fault: "error-frame", least: 1 },
  { fault: "end-after-tokens", least: 1 },
  { fault: "truncated-frame", least: 1 },
];

function statusOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  return Reflect.get(error, "status") ?? Reflect.get(error, "statusCode");
}

/** Waits until the provider was left by what was asked of it since it had served so many. */
async function aborted({ signalbox }: CaseWorld, before: number): Promise<void> {
  await signalbox.eventually(() => signalbox.ledger()[before]?.outcome === "aborted");
}

/** What fails, and what is left. */
export const failureCases: readonly ContractCase[] = [
  {
    fact: "an unknown model is an error with status 404",
    async holds({ make }) {
      const error: unknown = await make({ model: "no-such-model" })
        .invoke("Hi")
        .catch((thrown: unknown) => thrown);
      expect(statusOf(error)).toBe(404);
    },
  },
  {
    fact: "an unavailable model is an error with its status",
    async holds({ make }) {
      const error: unknown = await make({})
        .invoke("[[fault:503]]")
        .catch((thrown: unknown) => thrown);
      expect(statusOf(error)).toBe(503);
    },
  },
  ...brokenStreams.map(({ fault, least }) => ({
    fact: `a stream that breaks (${fault}) is an error behind what it gave`,
    async holds({ make }: CaseWorld) {
      let text = "";
      const reading = (async () => {
        for await (const chunk of await make({}).stream(
          `[[tokens=40]] [[frame-tokens=1]] [[fault:${fault}]]`,
        ))
          text += chunk.text;
      })();
      await expect(reading).rejects.toThrow();
      expect(text.length).toBeGreaterThanOrEqual(least);
    },
  })),
  {
    fact: "a rate limit is waited for as long as is asked, then the call succeeds",
    async holds({ make, signalbox }) {
      signalbox.addFault({ fault: "429-minute", parameters: { "retry-ms": "1000" }, count: 1 });
      const startedMs = performance.now();
      const answer = await make({ maxRetries: 1 }).invoke("Hello");
      expect(answer.text).not.toBe("");
      expect(performance.now() - startedMs).toBeGreaterThan(900);
    },
  },
  {
    fact: "aborting a call ends it at the provider",
    async holds(world) {
      const leaving = new AbortController();
      const calling = world.make({}).invoke("[[fault:stall-before-headers]]", { signal: leaving.signal });
      const before = world.signalbox.ledger().length;
      setImmediate(() => leaving.abort());
      await expect(calling).rejects.toThrow();
      // The call may have been left before the provider was asked: then there is nothing to end.
      if (world.signalbox.ledger().length > before) await aborted(world, before);
    },
  },
  {
    fact: "aborting a stream ends it at the provider",
    async holds(world) {
      const before = world.signalbox.ledger().length;
      const leaving = new AbortController();
      const reading = (async () => {
        const asked = "[[tokens=50]] [[frame-tokens=1]] [[fault:stall-after-tokens=3]]";
        for await (const chunk of await world.make({}).stream(asked, { signal: leaving.signal }))
          if (chunk.text !== "") leaving.abort();
      })();
      await expect(reading).rejects.toThrow();
      await aborted(world, before);
    },
  },
  {
    fact: "a stream that is read no further is ended at the provider",
    async holds(world) {
      const before = world.signalbox.ledger().length;
      // It goes on: while a stream is silent, LangChain cannot be told that nobody reads it, but by a signal.
      const asked = "[[tokens=400]] [[frame-tokens=1]] [[fault:slow-drip=60]]";
      for await (const chunk of await world.make({}).stream(asked)) if (chunk.text !== "") break;
      await aborted(world, before);
    },
  },
  {
    fact: "one failing question of a batch leaves the others",
    async holds({ make }) {
      const answers = await make({}).batch(["[[say:one]]", "[[fault:503]]"], {}, { returnExceptions: true });
      expect(answers[0]).toMatchObject({ text: "one" });
      expect(answers[1]).toBeInstanceOf(Error);
    },
  },
  {
    fact: "after a failure the same model goes on answering",
    async holds({ make }) {
      const model = make({});
      await expect(
        model.stream("[[tokens=40]] [[frame-tokens=1]] [[fault:cut-after-tokens]]").then(summed),
      ).rejects.toThrow();
      expect((await model.invoke("[[say:still here]]")).text).toBe("still here");
    },
  },
];
