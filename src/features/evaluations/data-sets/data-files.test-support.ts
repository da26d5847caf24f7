import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { DataItem } from "#core/evaluations/data-item.ts";
import type { DataSetOptions } from "./data-set-options.ts";
import { readDataSet } from "./read-data-set.ts";

/** A folder of the tests of a file, in which data sets are written and read. */
export function dataFiles() {
  let folder = "";
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalbox-data-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    path: (name: string) => join(folder, name),
    readOf: async (name: string, content: string | Buffer, options?: DataSetOptions) => {
      const path = join(folder, `${files++}-${name}`);
      await writeFile(path, content);
      const reading = readDataSet(path, options);
      const items: DataItem[] = await Array.fromAsync(reading.items);
      return { items, report: reading.report() };
    },
  };
}

export const idsOf = (items: readonly DataItem[]) => items.map(({ id }) => id);
