import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../bench/measure/machine.ts";
import type { Claim, Proven } from "./claim.ts";
import { keptAfter, readKept } from "./kept-results.ts";
import { loadClaims } from "./load-claims.ts";
import { proofDocument, textTable } from "./report.ts";
import { runClaim } from "./run-claim.ts";

/**
 * `npm run proof` measures every claim, `-- --only <id>` one; both write docs/proof.md, and docs/proof.json, from which it is
 * made. `-- --short` runs the quick forms, which are kept nowhere, `-- --json` prints JSON. Exits with 1 when a claim does
 * not hold, with 2 when it was called wrongly.
 */

const document = fileURLToPath(new URL("../docs/proof.md", import.meta.url));
const results = fileURLToPath(new URL("../docs/proof.json", import.meta.url));
const options = readOptions();
const all = await loadClaims(fileURLToPath(new URL("claims", import.meta.url)));
const claims = options.only === undefined ? all : all.filter(({ id }) => id === options.only);
if (claims.length === 0)
  refuse(`Cannot run proof "${options.only ?? ""}": one of ${all.map(({ id }) => id).join(", ")} is wanted`);

const proven = await runAll(claims);
const failed = proven.filter(({ ok }) => !ok);
process.stdout.write(
  options.json ? `${JSON.stringify({ machine: machine(), claims: proven }, null, 2)}\n` : summary(),
);
if (!options.short) await keep();
process.exitCode = failed.length > 0 ? 1 : 0;

/** One after the other: claims measure time, and would disturb each other. */
async function runAll(wanted: readonly Claim[]): Promise<readonly Proven[]> {
  const done: Proven[] = [];
  for (const claim of wanted) {
    process.stderr.write(`${claim.id}: ${claim.title} ...\n`);
    const result = await runClaim(claim, { short: options.short }, () => performance.now());
    process.stderr.write(`  ${result.ok ? "holds" : "does not hold"}: ${result.figure}\n`);
    done.push(result);
  }
  return done;
}

async function keep(): Promise<void> {
  const { cpu, cores, memoryGiB, system, node } = machine();
  const measuredOn = { day: today(), machine: { cpu, cores, memoryGiB, system, node } };
  const measured = proven.map((one) => ({ ...one, ...measuredOn }));
  const kept = keptAfter(await readKept(results), measured, all);
  await writeFile(results, `${JSON.stringify(kept, null, 2)}\n`);
  await writeFile(document, proofDocument(kept));
}

function summary(): string {
  const reasons = failed.flatMap(({ id, details }) => [
    "",
    `${id} does not hold:`,
    ...details.map((line) => `  ${line}`),
  ]);
  return [
    textTable(proven),
    ...reasons,
    "",
    `${proven.length - failed.length} passed, ${failed.length} failed`,
    "",
  ].join("\n");
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function readOptions(): {
  readonly short: boolean;
  readonly json: boolean;
  readonly only: string | undefined;
} {
  try {
    const { values } = parseArgs({
      options: { short: { type: "boolean" }, json: { type: "boolean" }, only: { type: "string" } },
    });
    return { short: values.short ?? false, json: values.json ?? false, only: values.only };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
