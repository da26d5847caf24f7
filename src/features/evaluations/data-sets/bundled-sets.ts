import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { columnsSchema, type DataSetOptions } from "./data-set-options.ts";

/** The folder of the sets: for each a description, `<name>.yaml`, and the file that it names. */
const folder = join(import.meta.dirname, "bundled");

/** A data set that comes with Signalbox. */
export interface BundledSet {
  readonly name: string;
  readonly title: string;
  /** What it is, in a sentence. */
  readonly about: string;
  /** Of its file; `SOURCES.md` beside it says more. */
  readonly licence: string;
  readonly path: string;
  /** How its file is read. */
  readonly options: DataSetOptions;
  /** How it is usually asked and scored; a scorer that is a judge still wants a model. */
  readonly prompt: string;
  readonly scorers: Readonly<Record<string, JsonObject>>;
}

const text = z.string().min(1);

const descriptionSchema = z.strictObject({
  title: text,
  about: text,
  file: text,
  licence: text,
  columns: columnsSchema.exactOptional(),
  default_split: text.exactOptional(),
  prompt: text,
  scorers: z.record(text, z.record(text, z.json())),
});

/** All of them, by name. */
export async function bundledSets(): Promise<readonly BundledSet[]> {
  return Promise.all((await bundledNames()).map(readDescription));
}

async function bundledNames(): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .toSorted();
}

async function readDescription(name: string): Promise<BundledSet> {
  return readYamlFileAs(
    join(folder, `${name}.yaml`),
    descriptionSchema,
    ({ file, columns, default_split: defaultSplit, ...described }) => ({
      ...described,
      name,
      path: join(folder, file),
      options: present({ columns, defaultSplit }),
    }),
  );
}
