import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import * as statistics from "#core/statistics/index.ts";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/statistics.md"), "utf8");

test("the program of docs/statistics.md prints what it says", async () => {
  const [program, ...others] = markedBlocks(document, "ts");
  if (!program || others.length > 0) expect.unreachable("One program is wanted");
  const entry = pathToFileURL(join(root, "src/core/statistics/index.ts")).href;
  const script = program.script.replace('"signalbox/statistics"', JSON.stringify(entry));
  const printed = await readerOf().program(script, { PATH: process.env["PATH"] });
  expect(printed).toMatch(/^true\n\d+\.\d % to \d+\.\d %\ntrue\n$/);
});

test("every function that the package exports stands in the table", () => {
  const functions = Object.entries(statistics).flatMap(([name, one]) =>
    typeof one === "function" ? [name] : [],
  );
  expect(functions.filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
});
