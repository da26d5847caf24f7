import { describe, expect, test } from "vitest";
import { keptDesign } from "./experiment-design.ts";

const designed = (settings: Readonly<Record<string, unknown>>) => {
  const written = {
    route: "support",
    variants: { fast: "50%", argon: "50%" },
    primary: ["quality"],
    ...settings,
  };
  return keptDesign("a", JSON.parse(JSON.stringify(written)));
};

describe("judges of an experiment", () => {
  test.each([
    ["by the word alone", "prediction_powered", { correction: "prediction_powered", human: "quality" }],
    ["by its errors", "rogan_gladen", { correction: "rogan_gladen", human: "quality" }],
    [
      "by what humans say under another name",
      { human: "quality_review" },
      { correction: "prediction_powered", human: "quality_review" },
    ],
    [
      "by both",
      { correction: "rogan_gladen", human: "quality_review" },
      { correction: "rogan_gladen", human: "quality_review" },
    ],
  ])("are corrected %s, and their metric counts what judges say alone", (_how, written, judge) => {
    const design = designed({ judges: { quality: written } });
    if (!design.ok) return expect.unreachable(design.error);
    expect([...(design.value.judges ?? [])]).toEqual([["quality", judge]]);
    expect(design.value.plan.metrics[0]).toMatchObject({
      name: "quality",
      event: { event: "quality", aggregation: "mean", sources: ["judge"] },
    });
  });

  test("keep the sources and the time that their metric has", () => {
    const metrics = { quality: { event: "grade", source: ["judge", "code"], within: "7d" } };
    const design = designed({ metrics, judges: { quality: {} } });
    if (!design.ok) return expect.unreachable(design.error);
    expect(design.value.judges?.get("quality")?.human).toBe("grade");
    expect(design.value.plan.metrics[0]?.event).toMatchObject({
      event: "grade",
      sources: ["judge", "code"],
      withinMs: 7 * 86_400_000,
    });
  });

  test("that are left as they are change nothing", () => {
    const design = designed({ judges: { quality: "none" } });
    if (!design.ok) return expect.unreachable(design.error);
    expect(design.value.judges?.size).toBe(0);
    expect(design.value.plan.metrics[0]).not.toHaveProperty("event");
  });

  test.each([
    [
      "of a metric that there is not",
      { judges: { qualty: "rogan_gladen" } },
      'judges.qualty: one of quality, error_rate, fallback_rate, latency, cost_per_request (did you mean "quality"?) is wanted',
    ],
    [
      "of a built-in metric",
      { judges: { error_rate: "rogan_gladen" } },
      "judges.error_rate: a mean of feedback, without `label` and `cap` is wanted",
    ],
    [
      "of a sum",
      { metrics: { quality: { event: "grade", aggregation: "sum" } }, judges: { quality: "rogan_gladen" } },
      "judges.quality: a mean of feedback, without `label` and `cap` is wanted",
    ],
    [
      "of what humans say of themselves",
      { metrics: { quality: { event: "grade", source: "human" } }, judges: { quality: "rogan_gladen" } },
      "judges.quality: a `source` that is not human, or what humans say under another name (`human`) is wanted",
    ],
    [
      "in a way that there is not",
      { judges: { quality: "by_hand" } },
      "judges.quality: one of prediction_powered, rogan_gladen, none, or { human: <name of feedback> } is wanted",
    ],
  ])("are refused %s", (_what, settings, error) => {
    expect(designed(settings)).toEqual({ ok: false, error });
  });
});
