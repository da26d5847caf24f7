import { z } from "zod";
import { EvaluatedItems } from "#core/evaluations/evaluated-items.ts";
import type { JudgedPair, Judgements } from "#core/evaluations/calibration/judgements.ts";
import type { PairCalibration } from "#core/evaluations/calibration/pair-calibration.ts";
import { readVector } from "./read-vector.ts";

const winner = z.literal([1, 2]);

const saved = z.object({
  subsets: z.array(
    z.object({
      subset: z.string(),
      /** `78 / 92 = 84.78%`, `95.5%` or a number, as the authors printed them. */
      published: z.record(z.string(), z.union([z.string(), z.number()])),
      items: z.array(
        z.object({
          id: z.string(),
          label: winner,
          winner,
          winner_swapped: winner,
          lengths: z.tuple([z.int(), z.int()]),
        }),
      ),
    }),
  ),
});

type SavedItem = z.output<typeof saved>["subsets"][number]["items"][number];

/** A subset of LLMBar as GPT-4 judged it, and what its authors published of that. */
export interface LlmbarSubset {
  readonly subset: string;
  readonly judgements: Judgements<JudgedPair>;
  /** Shares and kappas by their names there. */
  readonly published: ReadonlyMap<string, number>;
}

/** What GPT-4 said of LLMBar, as its authors saved it. */
export function llmbarSubsets(): readonly LlmbarSubset[] {
  return saved
    .parse(readVector("evaluations/llmbar_gpt4.json"))
    .subsets.map(({ subset, published, items }) => ({
      subset,
      judgements: judgementsOf(items),
      published: new Map(Object.entries(published).map(([name, written]) => [name, shareOf(written)])),
    }));
}

/** What was published, beside what we make of the saved verdicts. */
export function besidePublished(
  found: PairCalibration,
  published: ReadonlyMap<string, number>,
): readonly { readonly name: string; readonly published: number; readonly found: number }[] {
  const values = {
    correct_False: found.accuracyAsA,
    correct_True: found.accuracyAsB,
    correct_average: found.accuracy,
    correct_both: found.bothRight,
    equal: found.consistency,
    kappa_agreement: found.kappaOfOrders,
  };
  return Object.entries(values).map(([name, estimate]) => ({
    name,
    published: published.get(name) ?? Number.NaN,
    found: estimate?.value ?? Number.NaN,
  }));
}

function judgementsOf(saved: readonly SavedItem[]): Judgements<JudgedPair> {
  const items = new EvaluatedItems();
  const all = saved.map(({ id, label, winner: asA, winner_swapped: asB, lengths: [first, second] }) => ({
    place: items.add({ item: id, tags: {} }),
    asA: scoreOfFirst(asA),
    asB: scoreOfFirst(asB),
    human: scoreOfFirst(label),
    passed: asA === 1 && asB === 1,
    lengthDifference: first - second,
  }));
  return { items, all };
}

function scoreOfFirst(winner: 1 | 2): number {
  return winner === 1 ? 1 : 0;
}

function shareOf(written: string | number): number {
  const percent = /([\d.]+)%$/.exec(String(written))?.[1];
  return percent === undefined ? Number(written) : Number(percent) / 100;
}
