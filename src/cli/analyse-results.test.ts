import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { run } from "#cli/program.ts";

const strange = `<b>"ar|gon"</b>`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "analyse-"));
  const rows = Array.from({ length: 2000 }, (_, unit) =>
    [
      `u${unit}`,
      unit % 2 ? JSON.stringify(strange).replaceAll(String.raw`\"`, '""') : "control",
      unit % 2 ? unit % 9 : unit % 7,
    ].join(","),
  );
  writeFileSync(join(folder, "results.csv"), ["unit,variant,score", ...rows].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function ran(...words: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(["experiment", "analyse", ...words], {}, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, said: await text(stdout), complained: await text(stderr) };
}

test("an analysis is lines, one JSON value, and reports", async () => {
  const file = join(folder, "results.csv");
  const [html, markdown] = [join(folder, "report.html"), join(folder, "report.md")];
  const lines = await ran("--file", file, "--html", html, "--markdown", markdown);
  expect(lines).toMatchObject({ code: 0, complained: "" });
  expect(lines.said).toMatch(/^Ship /);
  const json = await ran("--file", file, "--json");
  const view = z
    .object({
      verdict: z.object({ decision: z.string(), variant: z.string().nullable() }),
      file: z.object({ rows: z.int(), rows_used: z.int() }),
      metrics: z.array(z.object({ variants: z.array(z.object({ units: z.int() })) })),
    })
    .parse(JSON.parse(json.said));
  expect(view.verdict).toEqual({ decision: "ship", variant: strange });
  expect(view.file).toEqual({ rows: 2000, rows_used: 2000 });
  expect(view.metrics[0]?.variants.map(({ units }) => units)).toEqual([1000, 1000]);
});

test("a table of an analysis is written as CSV", async () => {
  const [file, csv] = [join(folder, "results.csv"), join(folder, "table.csv")];
  expect(await ran("--file", file, "--csv", csv)).toMatchObject({ code: 0 });
  expect(readFileSync(csv, "utf8")).toMatch(/^metric,role,.*\r\nscore,primary,higher,.*,better,ship,,,\r\n$/);
  expect(await ran("--file", file, "--csv", csv, "--table", "findings")).toMatchObject({ code: 0 });
  expect(readFileSync(csv, "utf8")).toMatch(/^severity,code,about,text\r\nverdict,ship,/);
  expect(await ran("--file", file, "--csv", csv, "--table", "all")).toMatchObject({ code: 2 });
});

test("names of anybody are text in reports, and nothing is asked of elsewhere", () => {
  const html = readFileSync(join(folder, "report.html"), "utf8");
  expect(html).not.toContain("<b>");
  expect(html).toContain("&lt;b&gt;&quot;ar|gon&quot;&lt;/b&gt;");
  expect(html).not.toMatch(/https?:|<script|<link|url\(/);
  const markdown = readFileSync(join(folder, "report.md"), "utf8");
  expect(markdown).toContain(String.raw`\<b\>"ar\|gon"\</b\>`);
});

test("what cannot be read is a wrong use", async () => {
  const missing = await ran("--file", join(folder, "none.csv"));
  expect(missing.code).toBe(2);
  expect(missing.complained).toContain("wanted a file that can be read, got ENOENT");
  expect((await ran()).code).toBe(2);
  writeFileSync(join(folder, "plan.yaml"), "primary: none");
  const plan = await ran("--file", join(folder, "results.csv"), "--plan", join(folder, "plan.yaml"));
  expect(plan.code).toBe(2);
  expect(plan.complained).toContain(
    'plan.yaml:1:1 primary.none: wanted one of the metrics score, got "none"',
  );
});
