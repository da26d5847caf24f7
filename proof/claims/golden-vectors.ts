import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Claim } from "../claim.ts";
import { firstReason, testResults, type TestFile } from "../test-results.ts";

const folder = join(import.meta.dirname, "../../test/vectors/experiments");
const vectors = z.array(z.object({ id: z.string() }));

/** Each vector has a test that is named after it: the claim counts those that hold. */
export const claim: Claim = {
  id: "golden-vectors",
  title: "Statistics give the numbers of SciPy, statsmodels, 50-digit arithmetic and peers",
  wanted: "every vector within its tolerance, or, where a peer is wrong, our right value",
  async run() {
    const ids = await vectorIds();
    const tests = (await testResults({ paths: ["src/core/statistics"] })).flatMap(
      (file) => file.assertionResults,
    );
    const details: string[] = [];
    let held = 0;
    for (const [file, names] of ids) {
      const judged = names.map((id) => judgedVector(id, tests));
      const fine = judged.filter((problem) => problem === undefined).length;
      held += fine;
      details.push(`${file}: ${fine} of ${names.length}`, ...judged.flatMap((problem) => problem ?? []));
    }
    const all = [...ids.values()].reduce((sum, names) => sum + names.length, 0);
    return { ok: held === all, figure: `${held} of ${all} vectors in ${ids.size} files`, details };
  },
};

async function vectorIds(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, readonly string[]]> => {
        const read = vectors.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
        return [file, read.map(({ id }) => id)];
      }),
    ),
  );
}

/** Why a vector does not count; undefined where every test of its name held. */
function judgedVector(id: string, tests: TestFile["assertionResults"]): string | undefined {
  const own = tests.filter(({ fullName }) => fullName.includes(`${id}:`) || fullName.endsWith(id));
  const failed = own.find(({ status }) => status !== "passed");
  if (failed) return `${id}: ${firstReason(failed)}`;
  return own.length === 0 ? `${id}: no test is named after it` : undefined;
}
