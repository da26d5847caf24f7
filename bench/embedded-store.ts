import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bearableRate } from "./embedded/bearable-rate.ts";
import { bearableRows } from "./embedded/bearable-rows.ts";
import { limitsText, withBlock } from "./embedded/limits-text.ts";
import { machine } from "./measure/machine.ts";

/**
 * `npm run bench:embedded` finds what the embedded store bears and writes it into docs/operating/limits.md. It judges
 * nothing: the figures tell when to give Signalbox a Postgres.
 */

const document = fileURLToPath(new URL("../docs/operating/limits.md", import.meta.url));
const tell = (step: object): void => void process.stderr.write(`${JSON.stringify(step)}\n`);
const rates = await bearableRate(tell);
const sizes = await bearableRows(tell);
const { cpu, cores, memoryGiB, system, node } = machine();
const text = limitsText({
  machine: `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, ${system}, Node ${node}, load and upstream on the same machine`,
  day: new Date().toISOString().slice(0, 10),
  rates,
  sizes,
});
await writeFile(document, withBlock(await readFile(document, "utf8"), text));
process.stdout.write(`${text}\n`);
