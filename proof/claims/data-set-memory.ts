import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Claim } from "../claim.ts";
import { runNode } from "../run-node.ts";

const addedMbMax = 100;
const rowsFew = 1_000;
/** Longest reading, ms. */
const runMsMax = 300_000;

const report = z.object({
  items: z.int(),
  refused: z.int(),
  seconds: z.number(),
  peakMb: z.number(),
});

type Reading = z.infer<typeof report>;

/** How a file of rows is written. */
interface Writing {
  readonly name: string;
  readonly ending: string;
  readonly header: string;
  readonly row: (at: number) => string;
}

const question = (at: number): string =>
  `A shop has ${at} apples and sells ${at % 97} of them each day. How many are left after ${at % 13} days?`;

const writings: readonly Writing[] = [
  {
    name: "JSON Lines",
    ending: "jsonl",
    header: "",
    row: (at) =>
      `${JSON.stringify({ id: `q-${at}`, question: question(at), answer: at % 89, topic: `t${at % 20}` })}\n`,
  },
  {
    name: "JSON Lines without ids",
    ending: "jsonl",
    header: "",
    row: (at) => `${JSON.stringify({ question: question(at), answer: at % 89 })}\n`,
  },
  {
    name: "CSV",
    ending: "csv",
    header: "id,question,answer\n",
    row: (at) => `q-${at},"${question(at)}",${at % 89}\n`,
  },
];

/** Reads files of many and of few rows, each in a process of its own: bench/data-sets/read-process.ts. */
export const claim: Claim = {
  id: "data-set-memory",
  title: "A data set of a million rows is read as a stream",
  wanted: `a process that reads a million rows has at most ${addedMbMax} MB more at its peak than one that reads ${rowsFew}`,
  async run({ short }) {
    const rows = short ? 50_000 : 1_000_000;
    const folder = await mkdtemp(join(tmpdir(), "signalbox-data-"));
    try {
      const measured: { readonly name: string; readonly added: number; readonly many: Reading }[] = [];
      for (const writing of writings) {
        const [few] = await readingsOf(folder, writing, { rows: rowsFew, times: 1 });
        const readings = await readingsOf(folder, writing, { rows, times: short ? 1 : 3 });
        const many = readings[Math.floor(readings.length / 2)];
        if (few && many) measured.push({ name: writing.name, added: many.peakMb - few.peakMb, many });
      }
      return {
        ok: measured.every(
          ({ added, many }) => added <= addedMbMax && many.items === rows && many.refused === 0,
        ),
        ...(short && { judgedBy: `${rows} rows alone` }),
        figure: measured.map(({ name, added }) => `${name} ${added.toFixed(0)} MB`).join(", "),
        details: [
          ...measured.map(
            ({ name, many }) =>
              `${name}: ${many.items} items in ${many.seconds.toFixed(1)} s, at most ${many.peakMb.toFixed(0)} MB in all`,
          ),
          "the median of three readings; of JSON Lines some 70 MB are what JSON.parse of Node takes for a million rows of short texts",
        ],
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** By their peaks, the least first. */
async function readingsOf(
  folder: string,
  { ending, header, row }: Writing,
  { rows, times }: { readonly rows: number; readonly times: number },
): Promise<readonly Reading[]> {
  const path = join(folder, `rows.${ending}`);
  await pipeline(Readable.from(textOf(header, row, rows)), createWriteStream(path));
  const readings: Reading[] = [];
  for (let time = 0; time < times; time++) readings.push(await readingOf(path));
  return readings.toSorted((a, b) => a.peakMb - b.peakMb);
}

async function readingOf(path: string): Promise<Reading> {
  const { code, output } = await runNode(["bench/data-sets/read-process.ts", path], { timeoutMs: runMsMax });
  if (code !== 0)
    throw new Error(`Cannot read the data set: exit code 0 is wanted, it was ${code}\n${output}`);
  return report.parse(JSON.parse(output));
}

function* textOf(header: string, row: (at: number) => string, rows: number): Generator<string> {
  yield header;
  for (let from = 0; from < rows; from += rowsFew)
    yield Array.from({ length: Math.min(rowsFew, rows - from) }, (_, at) => row(from + at)).join("");
}
