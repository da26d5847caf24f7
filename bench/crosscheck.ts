import { parseArgs } from "node:util";
import { askPeer } from "./crosscheck/ask-peer.ts";
import { drawFor } from "./crosscheck/check.ts";
import { meanChecks } from "./crosscheck/checks/means.ts";
import { proportionChecks } from "./crosscheck/checks/proportions.ts";
import { otherChecks } from "./crosscheck/checks/ranks-and-plans.ts";
import { differenceOf } from "./crosscheck/differences.ts";

/**
 * `npm run bench:crosscheck` compares signalbox/statistics with SciPy and statsmodels on drawn cases, and prints how far they
 * are apart. Exit code 0: as far as rounding, 1: further, 3: this Python has no SciPy or statsmodels.
 */

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    seed: { type: "string", default: "20261127" },
    json: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const asked = [...meanChecks, ...proportionChecks, ...otherChecks].map((check) => ({
  check,
  cases: check.cases(drawFor(check.id, seed)),
}));
const questions = asked.flatMap(({ check: { id }, cases }) => cases.map(({ input }) => ({ id, input })));
const peer = await askPeer(values.python, questions);

if (peer) {
  let next = 0;
  const differences = asked.map(({ check, cases }) => {
    const theirs = peer.answers.slice(next, (next += cases.length));
    return differenceOf(check, cases, theirs);
  });
  if (values.json) print(JSON.stringify({ ...peer.versions, seed, differences }, undefined, 2));
  else for (const line of report(differences)) print(line);
  process.exitCode = differences.every(({ agrees }) => agrees) ? 0 : 1;
} else {
  process.stderr.write(
    `Cannot compare: a Python with SciPy and statsmodels is wanted (--python <program>), ${values.python} has them not\n`,
  );
  process.exitCode = 3;
}

function report(differences: readonly ReturnType<typeof differenceOf>[]): readonly string[] {
  const agreeing = differences.filter(({ agrees }) => agrees).length;
  const cases = differences.reduce((sum, one) => sum + one.cases, 0);
  const figures = differences.reduce((sum, one) => sum + one.figures, 0);
  return [
    ...differences.flatMap(({ id, worst, worstAt, agrees, tolerance, because, unanswered, peer: other }) => [
      `${agrees ? "agrees " : "DIFFERS"} ${id}: at most ${worst.toExponential(1)} (allowed ${tolerance}${because === undefined ? "" : `: ${because}`}) from ${other}${unanswered === 0 ? "" : `, which failed in ${unanswered} cases`}`,
      ...(agrees ? [] : [`        ${worstAt}`]),
    ]),
    `${agreeing} of ${differences.length} methods agree, ${cases} cases, ${figures} figures, SciPy ${peer?.versions.scipy}, statsmodels ${peer?.versions.statsmodels}, seed ${seed}`,
  ];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
