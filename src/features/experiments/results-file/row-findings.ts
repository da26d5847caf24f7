import type { Finding } from "#core/experiments/findings/finding.ts";
import { isWeighted } from "./clusters.ts";
import type { Dropped } from "./dropped.ts";
import type { ResultRows } from "./result-rows.ts";

/** What the rows themselves show: some that could not be used, one variant alone, several versions of one variant. */
export function rowFindings(rows: ResultRows): readonly Finding[] {
  return [
    ...loneFinding(rows),
    ...rows.droppedRows.map((dropped) => droppedFinding(dropped, "row")),
    ...rows.droppedValues.map((dropped) => droppedFinding(dropped, "value")),
    ...versionFindings(rows),
    ...(isWeighted(rows) ? [adaptive] : []),
  ];
}

const adaptive: Finding = {
  code: "adaptive-assignment",
  severity: "note",
  text: "Rows were assigned with different probabilities: each counts by its inverse, and the sizes of variants are not tested",
};

function loneFinding({ variants }: ResultRows): readonly Finding[] {
  if (variants.length > 1) return [];
  const text = `All rows are of ${variants[0] ?? "no variant"}: there is nothing to compare it with`;
  return [{ code: "one-variant", severity: "invalid", text }];
}

function droppedFinding({ reason, count, lines }: Dropped, what: "row" | "value"): Finding {
  const more = count > lines.length ? ", ..." : "";
  const text = `${count} ${what}${count === 1 ? "" : "s"} left out, ${reason}: line ${lines.join(", ")}${more}`;
  return { code: "dropped-rows", severity: "warning", text };
}

/** A variant is one model at one version: where another answers midway, it is another treatment. */
function versionFindings({ version, variant, variants }: ResultRows): readonly Finding[] {
  if (!version) return [];
  const seen = variants.map(() => new Set<string>());
  for (const [row, place] of version.of.entries()) {
    const name = version.names[place] ?? "";
    if (name !== "") seen[variant[row] ?? 0]?.add(name);
  }
  return seen.flatMap((versions, index): readonly Finding[] => {
    const about = variants[index] ?? "";
    if (versions.size < 2) return [];
    const text = `${about} was answered by ${versions.size} versions (${[...versions].slice(0, 5).join(", ")}): it is not one treatment`;
    return [{ code: "version-drift", severity: "invalid", about, text }];
  });
}
