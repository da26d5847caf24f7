import { z } from "zod";
import { referenceKeys } from "#core/scoring/reference.ts";
import { unscored, verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { argumentsKey, isWanted, wantedCalls } from "./wanted-calls.ts";

/** Most calls that are compared. */
const callsMax = 500;

/** `tool_call`: whether the answer makes the call of the reference, or one of them. */
export const toolCallConfig = z.strictObject({
  kind: z.literal("tool_call"),
  ...referenceKeys,
  arguments: argumentsKey,
});

export function toolCallScorer(config: z.infer<typeof toolCallConfig>): Scorer {
  return ({ toolCalls, fields }) => {
    const wanted = wantedCalls(config, fields);
    if (!wanted.ok) return wanted.error;
    const isMade = wanted.value.some((call) =>
      toolCalls.some((made) => isWanted(made, call, config.arguments)),
    );
    return verdict(isMade, `${toolCalls.length} calls are made`);
  };
}

/** `trajectory`: whether the answer makes the calls of the reference. */
export const trajectoryConfig = z.strictObject({
  kind: z.literal("trajectory"),
  ...referenceKeys,
  mode: z
    .enum(["strict", "unordered", "subset", "superset"])
    .default("strict")
    .meta({
      description:
        "The same calls in the same order; the same in any order; no call but wanted ones; all wanted ones and perhaps others.",
      examples: ["superset"],
    }),
  arguments: argumentsKey,
});

/** Each call of the reference belongs to one call of the answer at most, so that what is wanted twice must be made twice. */
export function trajectoryScorer(config: z.infer<typeof trajectoryConfig>): Scorer {
  return ({ toolCalls: made, fields }) => {
    const found = wantedCalls(config, fields);
    if (!found.ok) return found.error;
    const wanted = found.value;
    if (made.length > callsMax || wanted.length > callsMax) {
      return unscored("scorer-timeout", `At most ${callsMax} calls are wanted, ${made.length} are made`);
    }
    const fits = wanted.map((call) => made.map((other) => isWanted(other, call, config.arguments)));
    const isSameLength = made.length === wanted.length;
    if (config.mode === "strict") {
      const isSame = isSameLength && fits.every((row, at) => row[at] === true);
      return verdict(isSame, `${made.length} calls are made, ${wanted.length} are wanted`);
    }
    const pairs = mostPairs(fits);
    const [allWanted, onlyWanted] = [pairs === wanted.length, pairs === made.length];
    const passed = { unordered: allWanted && onlyWanted, superset: allWanted, subset: onlyWanted }[
      config.mode
    ];
    return verdict(
      passed,
      `${pairs} of ${wanted.length} wanted calls are made, and ${made.length - pairs} others`,
    );
  };
}

/** How many rows can have a column of their own that fits (augmenting paths; Kuhn 1955, doi:10.1002/nav.3800020109). */
function mostPairs(fits: readonly (readonly boolean[])[]): number {
  const rowOf = new Map<number, number>();
  const findsColumn = (row: number, tried: Set<number>): boolean => {
    for (const [column, isFit] of (fits[row] ?? []).entries()) {
      if (!isFit || tried.has(column)) continue;
      tried.add(column);
      const other = rowOf.get(column);
      if (other !== undefined && !findsColumn(other, tried)) continue;
      rowOf.set(column, row);
      return true;
    }
    return false;
  };
  return fits.filter((_, row) => findsColumn(row, new Set())).length;
}
