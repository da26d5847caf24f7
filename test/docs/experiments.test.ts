import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfiguration, problemText } from "#features/configuration/index.ts";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { failingCurl, readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/experiments.md"), "utf8");
const reader = readerOf();

test("the design in docs/experiments.md fits the repository's signalbox.yaml, with every key that there is", () => {
  const [, design = ""] = /```yaml\n([^]*?)```/.exec(document) ?? [];
  const text = `${readFileSync(join(root, "signalbox.yaml"), "utf8")}\n${design}`;
  const loaded = loadConfiguration(text, () => undefined, { chains: ["summarise"] });
  if (!loaded.ok)
    expect.unreachable(loaded.error.map((one) => problemText(one, "signalbox.yaml")).join("\n"));
  const { experiments, holdout } = loaded.value.configuration;
  expect(experiments.get("argon-or-flash")).toMatchObject({ coverage: 0.5, layer: { from: 0, to: 0.5 } });
  expect(holdout).toBe(0.02);
});

test("who is told in docs/experiments.md fits the repository's signalbox.yaml", () => {
  const [, design = ""] = /```yaml\n([^]*?)```/.exec(document) ?? [];
  const [, told = ""] = /```yaml\n(notifications:[^]*?)```/.exec(document) ?? [];
  const text = `${readFileSync(join(root, "signalbox.yaml"), "utf8")}\n${design}\n${told}`;
  const secret = Buffer.alloc(32, 7).toString("base64");
  const loaded = loadConfiguration(
    text,
    (name) => (name === "SIGNALBOX_WEBHOOK_SECRET" ? secret : undefined),
    { chains: ["summarise"] },
  );
  if (!loaded.ok)
    expect.unreachable(loaded.error.map((one) => problemText(one, "signalbox.yaml")).join("\n"));
  expect(loaded.value.configuration.notifications.get("release-bot")).toMatchObject({ everyMs: 300_000 });
});

test("what decides in docs/experiments.md is a plan", () => {
  const [, , deciding = ""] = document.split(/```yaml\n/);
  const design = deciding.slice(0, deciding.indexOf("```"));
  const text = `${readFileSync(join(root, "signalbox.yaml"), "utf8")}\n${design}`;
  const loaded = loadConfiguration(text, () => undefined, { chains: ["summarise"] });
  if (!loaded.ok)
    expect.unreachable(loaded.error.map((one) => problemText(one, "signalbox.yaml")).join("\n"));
  const plan = loaded.value.configuration.experiments.get("argon-or-flash")?.plan;
  expect(plan?.metrics.map(({ name, role }) => `${role} ${name}`)).toEqual([
    "primary cost_per_conversation",
    "secondary output_tokens",
    "secondary fallback_rate",
    "secondary cost_per_request",
    "guardrail error_rate",
    "guardrail latency",
  ]);
});

test("the metrics in docs/experiments.md are such as experiments can name", () => {
  const [, , , defining = ""] = document.split(/```yaml\n/);
  const metrics = defining.slice(0, defining.indexOf("```"));
  const names = [...metrics.matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
  expect(names).toHaveLength(8);
  const experiment = `experiments:\n  e: { route: support, incumbent: support-flash, variants: { support-flash: 50%, support-argon: 50% }, secondary: [${names.join(", ")}] }\n`;
  const text = `${readFileSync(join(root, "signalbox.yaml"), "utf8")}\n${metrics}${experiment}`;
  const loaded = loadConfiguration(text, () => undefined, { chains: ["summarise"] });
  if (!loaded.ok)
    expect.unreachable(loaded.error.map((one) => problemText(one, "signalbox.yaml")).join("\n"));
  const plan = loaded.value.configuration.experiments.get("e")?.plan;
  expect(plan?.metrics.slice(0, 8).map(({ name }) => name)).toEqual(names);
  expect(plan?.metrics.find(({ name }) => name === "converted_7d")?.event).toMatchObject({
    aggregation: "conversion",
    withinMs: 7 * 86_400_000,
  });
});

test("the commands run as printed, in their order, and print what is shown", async () => {
  const npx = `npx() { shift; "${process.execPath}" bin/signalbox.js "$@"; }\n`;
  const run = (script: string) =>
    reader.commands(script, failingCurl + npx, { ...process.env, SIGNALBOX_URL: reader.address() });
  const [designing, running, reading, ...others] = markedBlocks(document);
  if (!designing || !running || !reading || others.length > 0)
    expect.unreachable("Three blocks of commands are wanted");
  const [, shown = ""] = /```\n(argon-or-flash [^]*?)```/.exec(document) ?? [];
  const designed = await run(designing.script);
  expect(
    designed
      .split("\n")
      .slice(-2)
      .join("\n")
      .replace(/^.*}(?=argon)/, "")
      .trim(),
  ).toBe(shown.trim());
  const last = (await run(running.script)).trim().split("\n").slice(-6);
  expect(last[0]).toMatch(/^argon-or-flash +decided for support-argon +phase 1 +support of support-flash: /);
  expect(last.slice(1).map((line) => /(\w+ -> \w+) +by anyone/.exec(line)?.[1])).toEqual([
    "stopped -> decided",
    "running -> stopped",
    "paused -> running",
    "running -> paused",
    "draft -> running",
  ]);
  expect(await run(reading.script)).toMatch(
    /^No verdict: support-flash has 0 units, a verdict needs 100 of each variant/,
  );
}, 120_000);
