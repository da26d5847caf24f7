import { describe, expect, test } from "vitest";
import type { TestSignalbox } from "../support/test-signalbox.ts";
import { answerCases } from "./contract/answer-cases.ts";
import { cacheCases } from "./contract/cache-cases.ts";
import { callbackCases } from "./contract/callback-cases.ts";
import type { ContractCase, ModelFields, Subject } from "./contract/contract-case.ts";
import { failureCases } from "./contract/failure-cases.ts";
import { toolCases } from "./contract/tool-cases.ts";

const cases: readonly ContractCase[] = [
  ...answerCases,
  ...toolCases,
  ...failureCases,
  ...callbackCases,
  ...cacheCases,
];

/** How many models the suite needs for one client. */
export const modelsPerSubject: number = cases.length;

/**
 * The contract of a chat model, run over a client. LangChain's own package of such tests is not published.
 * @param signalbox the one that the client's models ask, once it runs
 * @param models a name for each case: a deployment whose health is its own, since some cases make theirs fail
 */
export function chatModelContract(
  subject: Subject,
  signalbox: () => TestSignalbox,
  models: readonly string[],
): void {
  describe(`${subject.name} keeps the contract of a chat model`, () => {
    test("every difference is about a fact of the contract", () => {
      const facts = cases.map(({ fact }) => fact);
      expect(Object.keys(subject.differences).filter((fact) => !facts.includes(fact))).toEqual([]);
    });

    const runs = cases.map((one, index) => ({ ...one, model: models[index] ?? "" }));

    test.each(runs)("$fact", async ({ fact, holds, model }) => {
      const make = (fields: ModelFields) => subject.make({ model, ...fields });
      const world = { signalbox: signalbox(), model, make };
      const reason = subject.differences[fact];
      if (reason === undefined) return holds(world);
      await expect(holds(world), `holds after all, although: ${reason}`).rejects.toThrow();
    });
  });
}
