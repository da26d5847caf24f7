import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultCatalog } from "./faults/catalog.ts";

test("the README's fault table is the catalog", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const section = readme.slice(readme.indexOf("## Faults"), readme.indexOf("## Admin calls"));
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toEqual(
    faultCatalog.map(
      ({ name, parameters, description }) =>
        `| \`${name}\` | ${parameters === "" ? "" : `\`${parameters}\``} | ${description} |`,
    ),
  );
});
