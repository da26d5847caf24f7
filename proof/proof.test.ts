import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Claim, Kept } from "./claim.ts";
import { keptAfter, readKept } from "./kept-results.ts";
import { loadClaims } from "./load-claims.ts";
import { proofDocument, textTable } from "./report.ts";
import { runClaim } from "./run-claim.ts";

const holding: Claim = {
  id: "nothing-lost",
  title: "No request is lost",
  wanted: "0 lost",
  run: ({ short }) =>
    Promise.resolve({
      figure: `0 of ${short ? 4 : 80} lost`,
      ok: true,
      details: ["counted in the log | ledger"],
    }),
};
const machine = { cpu: "A processor", cores: 2, memoryGiB: 8, system: "Linux 6.1", node: "26.10.0" };

function clock(...readings: readonly number[]): () => number {
  const left = [...readings];
  return () => left.shift() ?? 0;
}

test("a claim is measured in the form that is asked for, and timed", async () => {
  const proven = await runClaim(holding, { short: true }, clock(1000, 1250));
  expect(proven).toMatchObject({ id: "nothing-lost", figure: "0 of 4 lost", ok: true, tookMs: 250 });
});

test("a claim that throws is not proven, and says why", async () => {
  const failing: Claim = { ...holding, run: () => Promise.reject(new Error("the port is taken")) };
  const proven = await runClaim(failing, { short: true }, clock());
  expect(proven.ok).toBe(false);
  expect(proven.details.join("\n")).toContain("the port is taken");
});

test("the table lines up and names the verdict", async () => {
  const proven = await runClaim(holding, { short: false }, clock());
  expect(textTable([proven, { ...proven, ok: false }]).split("\n")).toEqual([
    "claim               figure        wanted  verdict",
    "No request is lost  0 of 80 lost  0 lost  holds",
    "No request is lost  0 of 80 lost  0 lost  FAILS",
  ]);
});

test("the document tells the machine, the day and the details", async () => {
  const proven = await runClaim({ ...holding, wanted: "0 | none" }, { short: false }, clock(0, 1500));
  const text = proofDocument([{ ...proven, machine, day: "2026-11-25" }]);
  expect(text).toContain(
    "Measured on 2026-11-25: A processor, 2 cores, 8 GiB of memory, Linux 6.1, Node 26.10.0.",
  );
  expect(text).toContain("| No request is lost | 0 of 80 lost | 0 \\| none | holds | 2026-11-25 |");
  expect(text).toContain("The run took 1.5 s.");
});

test("a claim that is measured alone takes its own place, the others keep theirs and their day", async () => {
  const proven = await runClaim(holding, { short: false }, clock());
  const of = (id: string, day: string): Kept => ({ ...proven, id, day, machine });
  const before = [of("gone", "2026-11-01"), of("second", "2026-11-01"), of("first", "2026-11-01")];
  const claims = [{ id: "first" }, { id: "second" }, { id: "never-measured" }];
  expect(
    keptAfter(before, [of("second", "2026-11-02")], claims).map(({ id, day }) => `${id} ${day}`),
  ).toEqual(["first 2026-11-01", "second 2026-11-02"]);
});

test("docs/proof.md is what docs/proof.json tells", async () => {
  const kept = await readKept("docs/proof.json");
  await expect(readFile("docs/proof.md", "utf8")).resolves.toBe(proofDocument(kept));
});

test("a file that exports no claim of its own name is refused by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-proof-"));
  try {
    await writeFile(join(folder, "empty.ts"), "export const claims = [];\n");
    await expect(loadClaims(folder)).rejects.toThrow('Cannot load proof "empty.ts"');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
