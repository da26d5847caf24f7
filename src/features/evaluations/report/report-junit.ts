import type { GateCheck } from "#core/evaluations/gate/gate-check.ts";
import { junitXml, type JunitCase, type JunitSuite } from "#core/reports/junit.ts";
import type { EvaluationReport, ReportedRun } from "./evaluation-report.ts";

/** Cases of a target, at most: what does not pass goes first. */
const casesMax = 20_000;

/**
 * A report as JUnit's XML: the checks of a gate where there is one; else a case for each answer, which passes where every scorer
 * with a verdict passes it. What failed on the way, or has no score, is an error and not a failure.
 */
export function evaluationJunit(report: EvaluationReport): string {
  if (report.gate) return junitXml(gateSuites(report.gate.checks));
  return junitXml(report.runs.flatMap(answerSuites));
}

function gateSuites(checks: readonly GateCheck[]): readonly JunitSuite[] {
  const names = [...new Set(checks.map(({ run, target }) => `${run}: ${target}`))];
  return names.map((name) => ({
    name,
    cases: checks.filter(({ run, target }) => `${run}: ${target}` === name).map(checkCase),
  }));
}

function checkCase({ kind, run, target, metric, status, text }: GateCheck): JunitCase {
  const isError = status === "unknown" || kind === "run";
  return {
    name: `${metric} (${kind})`,
    group: `${run}.${target}`,
    ...(status !== "passed" && { problem: { kind: isError ? "error" : "failure", text } }),
  };
}

function answerSuites({ run: { manifest, table } }: ReportedRun): readonly JunitSuite[] {
  return table.targets.map((target) => {
    const cases = [...answerCases({ table, name: manifest.name, target })];
    const [held, others] = [cases.filter(({ problem }) => !problem), cases.filter(({ problem }) => problem)];
    return { name: `${manifest.name}: ${target}`, cases: [...others, ...held].slice(0, casesMax) };
  });
}

function* answerCases({
  table,
  name,
  target,
}: {
  readonly table: ReportedRun["run"]["table"];
  readonly name: string;
  readonly target: string;
}): Generator<JunitCase> {
  const repeats = table.answersOf(target);
  for (let place = 0; place < table.items.count; place += 1) {
    for (const [repeat, columns] of repeats.entries()) {
      if (!columns.has(place)) continue;
      const latencyMs = columns.measureOf(place, "latency_ms");
      const problem = problemOf(columns, place, table.scorers);
      yield {
        name: `${table.items.idOf(place)}${repeats.length > 1 ? ` (${repeat + 1})` : ""}`,
        group: `${name}.${target}`,
        ...(latencyMs !== undefined && { seconds: latencyMs / 1_000 }),
        ...(problem && { problem }),
      };
    }
  }
}

function problemOf(
  columns: ReturnType<ReportedRun["run"]["table"]["answersOf"]>[number],
  place: number,
  scorers: readonly string[],
): JunitCase["problem"] {
  const failure = columns.failureOf(place);
  if (failure !== undefined) return { kind: "error", text: failure };
  const wrong: string[] = [];
  const unscored: string[] = [];
  for (const scorer of scorers) {
    const score = columns.scoreOf(place, scorer);
    if (score?.kind === "unscored") unscored.push(`${scorer}: ${score.code}`);
    if (score?.kind === "scored" && score.passed === false) wrong.push(scorer);
  }
  if (wrong.length > 0) return { kind: "failure", text: `Not passed by ${wrong.join(", ")}` };
  return unscored.length > 0 ? { kind: "error", text: unscored.join(", ") } : undefined;
}
