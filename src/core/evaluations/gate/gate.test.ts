import { describe, expect, test } from "vitest";
import { measured, unscored, verdict } from "#core/scoring/score.ts";
import { must } from "../../../../test/support/must.ts";
import { seededUnits } from "../../../../test/support/seeded-draws.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { RunTable } from "#core/evaluations/run-table.ts";
import { failedRecord, pairedRecords, record, tableOf } from "../run.test-support.ts";
import { gateReport } from "./gate.ts";
import { gateSchema } from "./gate-schema.ts";
import type { GatedRun } from "./gate-check.ts";

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** A run of one target of which so many items pass. */
const passing = (
  passes: number,
  count: number,
  given: (index: number) => Partial<EvaluationRecord> = () => ({}),
) =>
  tableOf(
    numbered(count).map((index) =>
      record(`${index}`, { scores: { right: verdict(index < passes) }, ...given(index) }),
    ),
  );

function judged(run: Partial<GatedRun> & { readonly table: RunTable }, gate: unknown = {}) {
  return must(gateReport([{ name: "qa", expected: run.table.items.count, ...run }], gateSchema.parse(gate)));
}

const problemOf = (run: Partial<GatedRun> & { readonly table: RunTable }, gate: unknown = {}): string => {
  const found = gateReport([{ name: "qa", expected: run.table.items.count, ...run }], gateSchema.parse(gate));
  return found.ok ? "" : found.error;
};

/** Both sides of pairs as two runs of one target. */
function beside(counts: Parameters<typeof pairedRecords>[0]): {
  readonly table: RunTable;
  readonly baseline: RunTable;
} {
  const all = [...pairedRecords(counts)];
  const side = (name: string): RunTable =>
    tableOf(all.filter(({ target }) => target === name).map((one) => ({ ...one, target: "flash" })));
  return { table: side("candidate"), baseline: side("baseline") };
}

describe("a bound", () => {
  test("fails where the value is surely below it, and not where that may be chance", () => {
    const gate = { scorers: { right: { min: 0.8 } } };
    expect(judged({ table: passing(79, 100) }, gate).verdict).toBe("passed");
    const report = judged({ table: passing(70, 100) }, gate);
    expect(report.verdict).toBe("failed");
    expect(report.checks.find(({ kind }) => kind === "bound")).toEqual({
      kind: "bound",
      run: "qa",
      target: "flash",
      metric: "right",
      status: "failed",
      text: "0.7 (0.62 to 0.769), at least 0.8 wanted",
    });
  });

  test("is judged by the value alone where that is wanted", () => {
    const gate = { scorers: { right: { min: 0.8, judged_by: "value" } } };
    expect(judged({ table: passing(79, 100) }, gate).verdict).toBe("failed");
    expect(judged({ table: passing(80, 100) }, gate).verdict).toBe("passed");
  });

  test("counts what failed as wrong where that is wanted", () => {
    const table = tableOf([
      ...numbered(96).map((index) => record(`${index}`)),
      ...numbered(4).map((index) => failedRecord(`x${index}`)),
    ]);
    const bound = { right: { min: 0.97, judged_by: "value" } };
    expect(judged({ table }, { scorers: bound }).verdict).toBe("passed");
    expect(judged({ table }, { scorers: bound, errors: "as_wrong" }).verdict).toBe("failed");
  });

  test("holds measures, too", () => {
    const table = tableOf(
      numbered(200).map((index) =>
        record(`${index}`, { answer: { latencyMs: 100 + index, costUsd: 0.01 + index / 1e5 } }),
      ),
    );
    const latency = { measures: { latency_ms_p95: { max: 250 } } };
    expect(judged({ table }, latency).verdict).toBe("failed");
    expect(
      judged({ table }, { measures: { latency_ms_p95: { max: 285 }, cost_usd: { max: 0.02 } } }).verdict,
    ).toBe("passed");
    expect(judged({ table }, { measures: { cost_usd: { max: 0.01 } } }).verdict).toBe("failed");
  });

  test("on something that no answer has cannot be told", () => {
    const report = judged({ table: passing(5, 10) }, { measures: { cost_usd: { max: 0.01 } } });
    expect(report.verdict).toBe("invalid");
    expect(report.checks.at(-1)).toMatchObject({ status: "unknown", text: "No value, at most 0.01 wanted" });
  });
});

describe("against a baseline", () => {
  test("a change for the worse fails where it is no chance and large enough to matter", () => {
    const worse = beside({ both: 500, onlyBaseline: 80, onlyCandidate: 30, neither: 90 });
    const report = judged(worse);
    expect(report.verdict).toBe("failed");
    expect(report.checks.at(-1)?.text).toBe(
      "0.829 to 0.757 on 700 items, -0.0714 (-0.0957 to -0.0471); 0.01 matters, p = < 0.0001 of being no worse",
    );
    expect(judged(worse, { scorers: { right: { margin: 0.1 } } }).verdict).toBe("passed");
  });

  test("a change that may be chance passes", () => {
    expect(judged(beside({ both: 50, onlyBaseline: 9, onlyCandidate: 5, neither: 9 })).verdict).toBe(
      "passed",
    );
  });

  test("a change for the better passes", () => {
    expect(judged(beside({ both: 500, onlyBaseline: 30, onlyCandidate: 80, neither: 90 })).verdict).toBe(
      "passed",
    );
  });

  test("the same answers pass, though nothing can be tested", () => {
    const report = judged(beside({ both: 50, onlyBaseline: 0, onlyCandidate: 0, neither: 9 }));
    expect(report.verdict).toBe("passed");
    expect(report.checks.at(-1)?.text).toBe("Every item is the same on both sides (59 items on both sides)");
  });

  test("non-inferiority has to be shown: few items do not", () => {
    const gate = { require: "non_inferior", scorers: { right: { margin: 0.03 } } };
    expect(judged(beside({ both: 50, onlyBaseline: 4, onlyCandidate: 4, neither: 9 }), gate).verdict).toBe(
      "failed",
    );
    expect(
      judged(beside({ both: 5000, onlyBaseline: 150, onlyCandidate: 150, neither: 900 }), gate).verdict,
    ).toBe("passed");
  });

  test("measures are held to their margin, a share of the baseline", () => {
    const costly = (factor: number): RunTable =>
      tableOf(
        numbered(50).map((index) =>
          record(`${index}`, { answer: { costUsd: factor * (0.01 + (index % 5) / 1000) } }),
        ),
      );
    const run = { table: costly(1.08), baseline: costly(1) };
    expect(judged(run, { measures: { cost_usd: { margin: 0.1 } } }).verdict).toBe("passed");
    expect(judged(run, { measures: { cost_usd: { margin: 0.05 } } }).verdict).toBe("failed");
  });

  test("another target of the run may be the baseline", () => {
    const table = tableOf(pairedRecords({ both: 500, onlyBaseline: 80, onlyCandidate: 30, neither: 90 }));
    const report = judged({ table }, { against: "baseline" });
    expect(report.verdict).toBe("failed");
    expect(new Set(report.checks.map(({ target }) => target))).toEqual(new Set(["candidate"]));
  });

  test("a score without a better way cannot be judged, and is not passed over", () => {
    const words = (offset: number): RunTable =>
      tableOf(
        numbered(30).map((index) =>
          record(`${index}`, { scores: { words: measured(offset + (index % 7)) } }),
        ),
      );
    const run = { table: words(20), baseline: words(22) };
    expect(judged(run, { scorers: { words: {} } }).verdict).toBe("invalid");
    expect(judged(run, { scorers: { words: { better: "lower", margin: 1 } } }).verdict).toBe("passed");
    expect(judged(run, { scorers: { words: { better: "higher", margin: 1 } } }).verdict).toBe("failed");
  });
});

describe("a run that tells nothing", () => {
  const gate = { scorers: { right: { min: 0.5 } } };

  test("has too many items without an answer, failed or never asked", () => {
    const table = tableOf([
      ...numbered(90).map((index) => record(`${index}`)),
      ...numbered(6).map((index) => failedRecord(`x${index}`, "rate-limited")),
    ]);
    expect(judged({ table, expected: 96 }, { ...gate, failed_max: 0.0625 }).verdict).toBe("passed");
    const report = judged({ table, expected: 100 }, gate);
    expect(report.verdict).toBe("invalid");
    expect(report.checks[0]).toMatchObject({
      kind: "run",
      status: "failed",
      text: "10 of 100 items without an answer (6 rate-limited, 4 never asked), at most 5 % wanted",
    });
  });

  test("has too many answers without a score", () => {
    const table = passing(90, 100, (index) =>
      index % 10 === 0 ? { scores: { right: unscored("judge-unreadable", "prose") } } : {},
    );
    expect(judged({ table }, gate).checks[1]).toMatchObject({
      metric: "right",
      status: "failed",
      text: "10 of 100 answers without a score (10 judge-unreadable), at most 5 % wanted",
    });
  });
});

describe("a gate that asks for what is not there is refused", () => {
  const table = passing(5, 10);
  test.each([
    [{}, "a bound of a scorer or a measure, or a baseline to compare with, is wanted; there is none"],
    [{ scorers: { rihgt: { min: 1 } } }, 'a scorer of the run is wanted, "rihgt" is none of right'],
    [{ targets: ["pro"] }, 'a target of the run is wanted, "pro" is none of flash'],
    [
      { scorers: { right: {} }, measures: { cost_usd: { max: 1 } } },
      'a bound, or a baseline that has it, is wanted for "right"; there is none',
    ],
  ])("%j", (gate, problem) => expect(problemOf({ table }, gate)).toBe(problem));

  test("a baseline without the target", () => {
    const baseline = tableOf([record("a", { target: "pro" })]);
    expect(problemOf({ table, baseline })).toBe(
      'each target is wanted in the baseline of "qa", which has pro; name some in `targets`',
    );
  });
});

test("of runs that differ by chance alone at most 5 % fail, over all scorers together", () => {
  const chance = seededUnits(20_261_127);
  const runs = 400;
  const draw = (difficulties: readonly number[]): RunTable =>
    tableOf(
      difficulties.map((difficulty, index) => {
        const style = chance();
        return record(`${index}`, {
          scores: {
            right: verdict(chance() > difficulty),
            rare: verdict(chance() > 0.03),
            style: measured((style + difficulty) / 2),
            same: measured((style + difficulty + 1) / 3),
          },
        });
      }),
    );
  let failures = 0;
  for (let run = 0; run < runs; run += 1) {
    const difficulties = numbered(100).map(() => chance());
    const scorers = Object.fromEntries(
      ["right", "rare", "style", "same"].map((name) => [name, { margin: 0 }]),
    );
    if (judged({ table: draw(difficulties), baseline: draw(difficulties) }, { scorers }).verdict === "failed")
      failures += 1;
  }
  expect(failures / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  expect(failures).toBeGreaterThan(0);
});
