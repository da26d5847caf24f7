import { readFile } from "node:fs/promises";
import { z } from "zod";

/** What someone says to a model: one turn, or a second one that builds on the first answer. */
export interface Conversation {
  /** Unique, e.g. `mt-bench-81`. */
  readonly id: string;
  readonly turns: readonly string[];
}

const mtBenchLine = z.object({ id: z.int(), category: z.string(), turns: z.array(z.string()).min(1) });
const ifEvalLine = z.object({ id: z.int(), prompt: z.string() });

/** The 80 MT-Bench questions with both turns, then 200 IFEval prompts (data/SOURCES.md). */
export async function demoConversations(): Promise<readonly Conversation[]> {
  const mtBench = await lines("mt-bench.jsonl");
  const ifEval = await lines("ifeval-200.jsonl");
  return [
    ...mtBench
      .map((line) => mtBenchLine.parse(line))
      .map(({ id, turns }) => ({ id: `mt-bench-${id}`, turns })),
    ...ifEval
      .map((line) => ifEvalLine.parse(line))
      .map(({ id, prompt }) => ({ id: `ifeval-${id}`, turns: [prompt] })),
  ];
}

/** When requests came in at a real service, ms since the first, ascending: the Azure conversation trace. */
export async function traceArrivalsMs(): Promise<readonly number[]> {
  const [, ...rows] = (await dataFile("azure-conversation-2400.csv")).trim().split("\n");
  return rows.map((row) => Number(row.slice(0, row.indexOf(","))));
}

/**
 * The first `count` arrivals of a trace, compressed evenly to a span: bursts and lulls keep their proportions.
 * @param spanMs how long it takes from the first to the last, ms >= 0
 */
export function compressedArrivals(
  arrivalsMs: readonly number[],
  { count, spanMs }: { readonly count: number; readonly spanMs: number },
): readonly number[] {
  const taken = Array.from({ length: count }, (_, at) => arrivalsMs[at % arrivalsMs.length] ?? 0).toSorted(
    (a, b) => a - b,
  );
  const first = taken[0] ?? 0;
  const length = Math.max(1, (taken.at(-1) ?? 0) - first);
  return taken.map((arrivalMs) => ((arrivalMs - first) / length) * spanMs);
}

async function lines(file: string): Promise<readonly unknown[]> {
  return (await dataFile(file))
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

function dataFile(name: string): Promise<string> {
  return readFile(new URL(`./data/${name}`, import.meta.url), "utf8");
}
