import { z } from "zod";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { parseJson } from "#core/parsing/json-answer.ts";
import { parseProblemText } from "#core/parsing/parse-problem.ts";
import { referenceKeys, referenceOf } from "#core/scoring/reference.ts";
import { measured, unscored, verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { tooManyPairs } from "#core/scoring/text/compared-length.ts";

/** `json_diff`: how much of a JSON answer is as in the reference. */
export const jsonDiffConfig = z.strictObject({
  kind: z.literal("json_diff"),
  ...referenceKeys,
  lists: z
    .enum(["ordered", "sets"])
    .default("ordered")
    .meta({ description: "Whether the order of lists counts.", examples: ["sets"] }),
  additional: z
    .enum(["counted", "ignored"])
    .default("counted")
    .meta({
      description: "Whether what the answer has beyond the reference counts as different.",
      examples: ["ignored"],
    }),
});

type DiffRules = Pick<z.infer<typeof jsonDiffConfig>, "lists" | "additional">;

/** The share of the leaves of both that are equal; passes where all are. An answer that is no JSON has none. */
export function jsonDiffScorer(config: z.infer<typeof jsonDiffConfig>): Scorer {
  return ({ text, fields }) => {
    const found = referenceOf(config, fields);
    if (!found.ok) return found.error;
    const reference = jsonReference(found.value);
    if (nestsTooDeep(reference)) {
      return unscored("reference-invalid", `JSON that nests less is wanted in "${config.reference}"`);
    }
    const answer = parseJson(text, undefined);
    if (!answer.ok) return verdict(false, parseProblemText(answer.error));
    const long =
      config.lists === "sets"
        ? tooManyPairs(leaves(answer.value), leaves(reference), setPairsMax)
        : undefined;
    if (long) return long;
    const { equal, different } = compared(answer.value, reference, config);
    const score = measured(equal / (equal + different), `${equal} of ${equal + different} are equal`);
    return score.kind === "scored" ? { ...score, passed: different === 0 } : score;
  };
}

/** A reference may be JSON within a text, as tables have it; a text that is none is meant as it is. */
function jsonReference(value: Json): Json {
  if (typeof value !== "string") return value;
  const parsed = parseJson(value, undefined);
  return parsed.ok ? parsed.value : value;
}

/** How many leaves are equal, and how many are not or are on one side only. */
export interface Comparison {
  readonly equal: number;
  readonly different: number;
}

/**
 * Compares two JSON values leaf by leaf; an empty object or list is one leaf. As sets, items of lists that are equal belong
 * together, then those that are most alike.
 */
export function compared(answer: Json, reference: Json, rules: DiffRules): Comparison {
  if (isJsonObject(answer) && isJsonObject(reference)) return comparedObjects(answer, reference, rules);
  if (isList(answer) && isList(reference)) return comparedLists(answer, reference, rules);
  if (answer === reference) return { equal: 1, different: 0 };
  return { equal: 0, different: Math.max(leaves(answer), leaves(reference)) };
}

function comparedObjects(answer: JsonObject, reference: JsonObject, rules: DiffRules): Comparison {
  const keys = [...new Set([...Object.keys(reference), ...Object.keys(answer)])];
  if (keys.length === 0) return { equal: 1, different: 0 };
  return sumOf(
    keys.map((key) => {
      const [own, wanted] = [valueAt(answer, key), valueAt(reference, key)];
      if (wanted === undefined) return beyond(own ?? null, rules);
      return own === undefined ? missing(wanted) : compared(own, wanted, rules);
    }),
  );
}

function comparedLists(answer: readonly Json[], reference: readonly Json[], rules: DiffRules): Comparison {
  if (answer.length === 0 && reference.length === 0) return { equal: 1, different: 0 };
  const own = rules.lists === "sets" ? paired(answer, reference, rules) : answer;
  return sumOf([
    ...reference.map((wanted, at) => {
      const item = own[at];
      return item === undefined ? missing(wanted) : compared(item, wanted, rules);
    }),
    ...own.slice(reference.length).map((item) => beyond(item ?? null, rules)),
  ]);
}

/** Most pairs of leaves of values whose lists are sets. */
const setPairsMax = 4_000_000;
/** Most items without an equal one that are tried against each other; longer lists are taken in their order. */
const triedMax = 50;

/** The items of one list in the order of those of another that they belong to, then the rest. */
function paired(
  items: readonly Json[],
  others: readonly Json[],
  rules: DiffRules,
): readonly (Json | undefined)[] {
  const left = new Map<string, Json[]>();
  for (const item of items) {
    const key = canonicalJson(item);
    const equals = left.get(key);
    if (equals) equals.push(item);
    else left.set(key, [item]);
  }
  const order: (Json | undefined)[] = others.map((other) => left.get(canonicalJson(other))?.pop());
  const rest = [...left.values()].flat();
  for (const [at, other] of others.entries()) {
    if (order[at] !== undefined || rest.length === 0) continue;
    const best = rest.length > triedMax ? 0 : mostAlike(rest, other, rules);
    order[at] = rest.splice(best, 1)[0];
  }
  return [...order, ...rest];
}

function mostAlike(items: readonly Json[], other: Json, rules: DiffRules): number {
  let [best, most] = [0, -1];
  for (const [at, item] of items.entries()) {
    const { equal, different } = compared(item, other, rules);
    const share = equal / Math.max(1, equal + different);
    if (share > most) [best, most] = [at, share];
  }
  return best;
}

function beyond(value: Json, { additional }: DiffRules): Comparison {
  return { equal: 0, different: additional === "counted" ? leaves(value) : 0 };
}

function missing(value: Json): Comparison {
  return { equal: 0, different: leaves(value) };
}

function leaves(value: Json): number {
  const parts = isList(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return Math.max(
    1,
    parts.reduce<number>((sum, part) => sum + leaves(part ?? null), 0),
  );
}

function sumOf(parts: readonly Comparison[]): Comparison {
  return parts.reduce(
    (sum, part) => ({ equal: sum.equal + part.equal, different: sum.different + part.different }),
    { equal: 0, different: 0 },
  );
}

function valueAt(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
