import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationRecord } from "../../src/core/evaluations/record.ts";

/** What a run of a test is of. */
export interface TestRunFolder {
  readonly name?: string;
  readonly digest?: string;
  /** Items that it should have; as many as the records have where nothing is said. */
  readonly items?: number;
  readonly records: readonly EvaluationRecord[];
  /** Lines behind those of the records, as they stand. */
  readonly behind?: string;
}

/** Writes a run as one that came to its end keeps it. Returns its folder. */
export function writeRunFolder(
  folder: string,
  { name = "qa", digest = "d1", items, records, behind = "" }: TestRunFolder,
): string {
  mkdirSync(folder, { recursive: true });
  const ids = new Set(records.map(({ item }) => item));
  const manifest = {
    version: 1,
    name,
    started_at: "2026-11-27T20:00:00.000Z",
    signalbox: "0.1.0",
    data: { source: "qa.jsonl", digest, items: items ?? ids.size },
    targets: [...new Set(records.map(({ target }) => target))],
    scorers: [...new Set(records.flatMap(({ scores }) => Object.keys(scores)))],
    repeats: 1 + records.reduce((most, { repeat }) => Math.max(most, repeat), 0),
    evaluation: {},
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(manifest));
  const positions = new Map([...ids].map((id, position) => [id, position]));
  const lines = records.flatMap((record) => {
    const { item, target, repeat, atMs } = record;
    const position = positions.get(item);
    return [
      JSON.stringify({ kind: "started", position, item, target, repeat, atMs }),
      JSON.stringify({ kind: "finished", position, record }),
    ];
  });
  writeFileSync(join(folder, "records.jsonl"), `${lines.join("\n")}\n${behind}`);
  return folder;
}
