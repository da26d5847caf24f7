import { describe, expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import { keptDesign } from "#features/configuration/index.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import { exposed, onRequest } from "#features/traffic/feedback/rated-units.test-support.ts";
import type { FeedbackEntry } from "#features/traffic/feedback/feedback.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { must } from "../support/must.ts";
import { SeededChance } from "../support/seeded-chance.ts";

interface Unit {
  readonly variant: "fast" | "deep";
  readonly segments: Readonly<Record<string, string>>;
  /** The chance that it is resolved. */
  readonly chance: number;
}

async function analysed(units: readonly Unit[], tags: readonly string[] = ["tier"]) {
  const chance = new SeededChance(11, "units");
  const records = units.map(({ variant, segments }, unit) =>
    exposed(unit, { unit: `u${unit}`, variant, segments }, noonMs + unit),
  );
  const entries = units.map((unit, place): FeedbackEntry => {
    const record = records[place] ?? expect.unreachable();
    return onRequest(record, { name: "resolved", values: { outcome: chance.happens(unit.chance) } });
  });
  const written = {
    route: "support",
    variants: { fast: "50%", deep: "50%" },
    primary: ["resolved"],
    minimum: { units: 50, days: 0 },
  };
  const { plan } = must(keptDesign("flash-or-pro", JSON.parse(JSON.stringify(written))));
  const log = memoryRequestLogStore();
  await log.insert(records);
  const feedback = memoryFeedbackStore(() => records);
  const nowMs = noonMs + units.length;
  for (const kept of await feedback.keep("key_ann", entries, nowMs)) expect(kept.ok).toBe(true);
  const about = { experiment: "flash-or-pro", phase: 2, plan, days: 7, isOver: false, nowMs };
  const data = await experimentData({ log, feedback }, { ...about, segments: tags });
  return { data, analysis: analyse(plan, data) };
}

function many(count: number, unit: (number: number) => Omit<Unit, "variant">): readonly Unit[] {
  return Array.from({ length: count }, (_, number) => ({
    variant: number % 2 === 0 ? "fast" : "deep",
    ...unit(number >> 1),
  }));
}

describe("segments of a running experiment", () => {
  test("are compared each by itself, by several tags, and differ where their effects do", async () => {
    const units = many(1_600, (pair) => ({
      segments: { tier: pair % 2 === 0 ? "free" : "paid", plan: pair % 4 < 2 ? "old" : "new" },
      chance: 0.5,
    })).map((unit) =>
      unit.variant === "deep" ? { ...unit, chance: unit.segments["tier"] === "free" ? 0.85 : 0.2 } : unit,
    );
    const { analysis } = await analysed(units, ["tier", "plan"]);
    const judged = analysis.segments?.comparisons.map(({ segment, judgement }) => [segment, judgement]);
    expect(judged?.slice(0, 2)).toEqual([
      ["tags.tier = free", "better"],
      ["tags.tier = paid", "worse"],
    ]);
    expect(judged?.slice(2).map(([segment]) => segment)).toEqual(["tags.plan = new", "tags.plan = old"]);
    expect(analysis.segments?.differences.map(({ by }) => by)).toEqual(["tags.tier", "tags.plan"]);
    const found = analysis.findings.filter(({ code }) => code !== "nothing-varies");
    expect(found.map(({ code, text }) => [code, /by tags\.\w+/.exec(text)?.[0]])).toEqual([
      ["worse-in-segment", undefined],
      ["segments-differ", "by tags.tier"],
    ]);
  });

  test("are the twenty largest and the rest, so that a tag with a value for each unit costs no more", async () => {
    const units = many(600, (pair) => ({
      segments: pair % 3 === 0 ? { tier: "large" } : { tier: `only ${pair}` },
      chance: 0.5,
    }));
    const { data } = await analysed([...units, ...many(4, () => ({ segments: {}, chance: 0.5 }))]);
    expect(data.segments).toHaveLength(21);
    expect(data.segments?.[0]).toMatchObject({ name: "tags.tier = large", by: "tags.tier" });
    const rest = data.segments?.at(-1);
    expect(rest?.name).toBe("tags.tier: any other, or none");
    const sizes = data.segments?.map(({ counts }) => [...counts.values()].reduce((sum, one) => sum + one, 0));
    expect(sizes?.reduce((sum, one) => sum + one, 0)).toBe(604);
  });

  test("whose sizes are not in their shares say so, with the segment", async () => {
    const units = many(1_200, (pair) => ({
      segments: { tier: pair % 2 === 0 ? "free" : "paid" },
      chance: 0.5,
    }));
    const lost = units.filter(
      ({ variant, segments }, place) => variant === "fast" || segments["tier"] === "paid" || place % 3 !== 0,
    );
    const { analysis } = await analysed(lost);
    expect(analysis.findings).toContainEqual(
      expect.objectContaining({ code: "segment-sample-ratio", about: "tags.tier = free" }),
    );
  });

  test("there are none of units without the tag, or where none is asked for", async () => {
    const units = many(200, () => ({ segments: { plan: "old" }, chance: 0.5 }));
    expect((await analysed(units)).data).not.toHaveProperty("segments");
    expect((await analysed(units, [])).data).not.toHaveProperty("segments");
  });
});
