import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { run } from "#cli/program.ts";
import { failedRecord, pairedRecords } from "../../core/evaluations/run.test-support.ts";
import { writeRunFolder } from "../../../test/support/run-folders.ts";

let root: string;
let [before, now, broken, other] = ["", "", "", ""];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "eval-report-"));
  const all = [...pairedRecords({ both: 60, onlyBaseline: 25, onlyCandidate: 5, neither: 10 })];
  const side = (name: string) =>
    all.filter(({ target }) => target === name).map((one) => ({ ...one, target: "flash" }));
  before = writeRunFolder(join(root, "before"), { records: side("baseline") });
  now = writeRunFolder(join(root, "now"), { records: side("candidate") });
  const failing = side("candidate").map((one, index) => (index % 10 === 0 ? failedRecord(one.item) : one));
  broken = writeRunFolder(join(root, "broken"), { records: failing });
  other = writeRunFolder(join(root, "other"), { records: side("baseline"), digest: "d2" });
});
afterAll(() => rmSync(root, { recursive: true }));

async function ran(...words: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(["eval", ...words], {}, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, said: await text(stdout), complained: await text(stderr) };
}

describe("signalbox eval", () => {
  test("report tells one run, and writes what it is asked for", async () => {
    const files = ["report.html", "report.md", "report.xml", "report.csv"].map((name) => join(root, name));
    const [html = "", markdown = "", junit = "", csv = ""] = files;
    const told = await ran(
      "report",
      now,
      "--html",
      html,
      "--markdown",
      markdown,
      "--junit",
      junit,
      "--csv",
      csv,
      "--table",
      "items",
    );
    expect(told).toMatchObject({ code: 0, complained: "" });
    expect(told.said).toMatch(/^qa: flash has right 65 % \(55.3 % to 73.6 %\)\n/);
    expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/);
    expect(readFileSync(markdown, "utf8")).toMatch(/^# qa\n/);
    expect(readFileSync(junit, "utf8")).toContain('tests="100" failures="35" errors="0"');
    expect(readFileSync(csv, "utf8").trim().split("\r\n")).toHaveLength(101);
  });

  test("compare answers one JSON value, the same each time", async () => {
    const told = await ran("compare", now, "--baseline", before, "--json");
    expect(told).toMatchObject({ code: 0, complained: "" });
    const { compared } = z
      .object({ compared: z.array(z.object({ metrics: z.array(z.looseObject({ judgement: z.string() })) })) })
      .parse(JSON.parse(told.said));
    expect(compared[0]?.metrics[0]).toMatchObject({
      metric: "right",
      judgement: "worse",
      bootstrap: { resamples: 2000 },
    });
    expect((await ran("compare", "--baseline", before, now, "--json")).said).toBe(told.said);
  });

  test("a folder without a run is a wrong call", async () => {
    const told = await ran("report", "no-such-folder");
    expect(told.code).toBe(2);
    expect(told.complained).toMatch(/^Cannot read a run in "no-such-folder"/);
  });

  test("compare wants something to compare with", async () => {
    const told = await ran("compare", now);
    expect(told.code).toBe(2);
    expect(told.complained).toMatch(/^Cannot compare: --baseline <folder>/);
  });

  test("gate ends with 0 where nothing is worse, with 1 where something is", async () => {
    expect(await ran("gate", before, "--baseline", before)).toMatchObject({ code: 0 });
    const told = await ran("gate", now, "--baseline", before);
    expect(told.code).toBe(1);
    expect(told.said).toMatch(/^Failed: qa: flash, right: 0\.85 to 0\.65/);
  });

  test("gate ends with 3 where too much has no answer", async () => {
    const told = await ran("gate", broken, "--baseline", before);
    expect(told.code).toBe(3);
    expect(told.said).toMatch(/^Nothing can be said: qa: flash, answers: 10 of 100 items without an answer/);
    expect(told.complained).toMatch(/^Cannot judge: /);
  });

  test("gate ends with 2 where it is asked wrongly", async () => {
    const gate = join(root, "gate.yaml");
    writeFileSync(gate, "scorers:\n  wrong: { min: 0.8 }\n");
    expect((await ran("gate", now, "--gate", gate)).complained).toMatch(
      /^Cannot judge by the gate: a scorer of the run is wanted, "wrong"/,
    );
    writeFileSync(gate, "scorers:\n  right: { least: 0.8 }\n");
    expect((await ran("gate", now, "--gate", gate)).complained).toContain("gate.yaml:2");
    const codes = [
      await ran("gate", now, "--gate", gate),
      await ran("gate", now),
      await ran("gate", now, "--baseline", other),
      await ran("gate", now, before),
    ].map(({ code }) => code);
    expect(codes).toEqual([2, 2, 2, 2]);
  });

  test("gate takes bounds of a file, with a run alone", async () => {
    const gate = join(root, "bounds.yaml");
    writeFileSync(gate, "scorers:\n  right: { min: 0.6 }\n");
    expect((await ran("gate", now, "--gate", gate)).code).toBe(0);
    writeFileSync(gate, "scorers:\n  right: { min: 0.8 }\n");
    expect((await ran("gate", now, "--gate", gate)).code).toBe(1);
  });
});
