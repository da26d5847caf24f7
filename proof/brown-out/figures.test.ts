import { describe, expect, test } from "vitest";
import { figuresOf } from "./figures.ts";
import type { LoadSample } from "./load.ts";
import { phasesOf } from "./phases.ts";

const phases = phasesOf(["healthy", 1_000], ["slow", 1_000], ["failing", 1_000], ["recovered", 1_000]);
const wanted = {
  errorShareMax: 0.01,
  quantile: 0.99,
  ratioMax: 1.5,
  settleMs: 200,
  shareMs: 500,
  fullShareMin: 0.9,
  baselineMax: 1.25,
};

/** A run in which every answer takes 100 ms and the three deployments answer in turn, but for what `change` says. */
function run(change: (sample: LoadSample) => Partial<LoadSample> = () => ({})): readonly LoadSample[] {
  return Array.from({ length: 1_200 }, (_, at): LoadSample => {
    const sample = {
      sentMs: (at * 4_000) / 1_200,
      stream: at % 2 === 0,
      contentMs: 100,
      ok: true,
      deployment: ["a", "b", "c"][at % 3] ?? "a",
    };
    return { ...sample, ...change(sample) };
  });
}

describe("a brown-out", () => {
  test("that nobody feels is as wanted", () => {
    expect(figuresOf(run(), phases, wanted)).toMatchObject({ failed: 0, ratio: 1, share: 1, ok: true });
  });

  test("is not, where too many fail", () => {
    const { failed, ok, details } = figuresOf(
      run(({ sentMs }) => (sentMs > 2_000 && sentMs < 2_050 ? { ok: false, problem: "503" } : {})),
      phases,
      wanted,
    );
    expect([failed, ok]).toEqual([14, false]);
    expect(details.join("\n")).toContain("failed at 2003 ms: 503");
  });

  test("is not, where answers stay slow in any phase, of either kind", () => {
    const slow = run(({ sentMs, stream }) =>
      sentMs > 2_200 && sentMs < 2_300 && !stream ? { contentMs: 160 } : {},
    );
    expect(figuresOf(slow, phases, wanted)).toMatchObject({ ratio: 1.6, ok: false });
  });

  test("may be slow until it has settled", () => {
    const slow = run(({ sentMs }) => (sentMs >= 1_000 && sentMs < 1_200 ? { contentMs: 1_000 } : {}));
    expect(figuresOf(slow, phases, wanted)).toMatchObject({ ratio: 1, ok: true });
  });

  test("is not, where the deployment does not come back", () => {
    const away = run(({ sentMs, deployment }) =>
      sentMs > 1_000 && deployment === "c" ? { deployment: "a" } : {},
    );
    expect(figuresOf(away, phases, wanted)).toMatchObject({ share: 0, ok: false });
  });

  test("on a busy machine is not judged: a slow healthy phase would excuse slow ones", () => {
    const { ratio, ok, details } = figuresOf(
      run(() => ({ contentMs: 250 })),
      phases,
      wanted,
    );
    expect([ratio, ok]).toEqual([1, false]);
    expect(details[0]).toContain("the machine is busy");
  });

  test("of which nothing was measured is not as wanted", () => {
    expect(figuresOf([], phases, wanted).ok).toBe(false);
  });
});
