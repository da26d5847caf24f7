import { htmlText } from "./html-text.ts";

/** Tests that belong together. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** One test. */
export interface JunitCase {
  readonly name: string;
  /** What it is a test of: how tools group cases. */
  readonly group: string;
  /** Seconds; absent where nobody took the time. */
  readonly seconds?: number;
  /** `failure`: it was judged and did not hold. `error`: it could not be judged. Absent: it held. */
  readonly problem?: { readonly kind: "failure" | "error" | "skipped"; readonly text: string };
}

/** Results as JUnit's XML, as CI servers read it. */
export function junitXml(suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${xmlText(name)}" tests="${cases.length}" ${countsOf(cases)}>`,
      ...cases.map(caseXml),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function countsOf(cases: readonly JunitCase[]): string {
  const of = (wanted: string): number => cases.filter(({ problem }) => problem?.kind === wanted).length;
  return `failures="${of("failure")}" errors="${of("error")}" skipped="${of("skipped")}"`;
}

function caseXml({ name, group, seconds, problem }: JunitCase): string {
  const time = seconds === undefined ? "" : ` time="${seconds.toFixed(3)}"`;
  const head = `    <testcase name="${xmlText(name)}" classname="${xmlText(group)}"${time}`;
  if (!problem) return `${head}/>`;
  return `${head}><${problem.kind} message="${xmlText(problem.text)}"/></testcase>`;
}

/** Without what XML 1.0 cannot hold at all: control characters, and halves of pairs. */
function xmlText(text: string): string {
  return htmlText(text.toWellFormed().replaceAll(/[^\P{Cc}\t\n\r]|\uFFFE|\uFFFF/gu, " "));
}
