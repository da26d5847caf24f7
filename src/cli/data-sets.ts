import type { Output } from "#cli/output.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { bundledSets, readDataSet, type BundledSet } from "#features/evaluations/index.ts";

/** `signalbox data list` */
export async function listSets(output: Output): Promise<void> {
  const sets = await bundledSets();
  output.result({
    json: sets.map(({ name, title, about, licence }) => ({ name, title, about, licence })),
    lines: alignedRows([
      ["SET", "LICENCE", "WHAT IT IS"],
      ...sets.map(({ name, licence, about }) => [name, licence, about]),
    ]),
  });
}

/**
 * `signalbox data show`
 * @throws AppError `invalid-request` for a name that no set has
 */
export async function showSet(
  { name, limit }: { readonly name: string; readonly limit: number },
  output: Output,
): Promise<void> {
  const { title, about, licence, path, options, prompt, scorers } = await setNamed(name);
  const items = limit === 0 ? [] : await Array.fromAsync(readDataSet(path, { ...options, limit }).items);
  output.result({
    json: { name, title, about, licence, file: path, prompt, scorers, items },
    lines: [
      `${title} (${licence})`,
      about,
      `File: ${path}`,
      "Asked with:",
      ...prompt
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
      "Scored by:",
      ...Object.entries(scorers).map(([scorer, config]) => `  ${scorer}: ${JSON.stringify(config)}`),
      ...items.map(({ id, fields }) => `${id}: ${JSON.stringify(fields)}`),
    ],
  });
}

async function setNamed(wanted: string): Promise<BundledSet> {
  const sets = await bundledSets();
  const found = sets.find(({ name }) => name === wanted);
  if (found) return found;
  const names = sets.map(({ name }) => name).join(", ");
  throw new AppError("invalid-request", `Cannot show data set "${wanted}": one of ${names} is wanted`);
}
