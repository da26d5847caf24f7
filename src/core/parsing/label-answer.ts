import type { Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Most labels that an answer may be one of. */
export const labelsMax = 500;

/** Which labels an answer may name. */
export interface LabelForm {
  readonly labels: readonly string[];
  /** Whether it may name several, or none of them by "none". */
  readonly multiple: boolean;
}

/** The word for no label at all, where several may be named. */
const noneWord = "none";

/** Reads an answer as one label, or as several that stand between commas or on lines. Case and quotes do not matter. */
export function parseLabels(answer: string, { labels, multiple }: LabelForm): Result<Json, ParseProblem> {
  const known = new Map(labels.map((label) => [plain(label), label]));
  if (!multiple) {
    const label = known.get(plain(answer));
    return label === undefined
      ? failed({ wanted: `one of the ${labels.length} labels`, actual: "another answer" })
      : ok(label);
  }
  // A label may hold a comma itself: the whole answer is looked at first.
  const whole = known.get(plain(answer));
  if (whole !== undefined) return ok([whole]);
  if (plain(answer) === noneWord) return ok([]);
  const named = answer.split(/[,\n]/).filter((part) => part.trim() !== "");
  const found = named.map((part) => known.get(plain(part)));
  const wrongAt = found.indexOf(undefined);
  if (named.length === 0 || wrongAt !== -1) {
    const actual = named.length === 0 ? "no label" : `another word as number ${wrongAt + 1}`;
    return failed({
      wanted: `labels among the ${labels.length}, with commas between, or "${noneWord}"`,
      actual,
    });
  }
  return ok([...new Set(found.filter((label) => label !== undefined))]);
}

/** What a model is told of the form. */
export function labelInstruction({ labels, multiple }: LabelForm): string {
  return multiple
    ? `Answer with all labels that fit and nothing else, with commas between, or with "${noneWord}". The labels: ${listed(labels)}.`
    : `Answer with exactly one of these labels and nothing else: ${listed(labels)}.`;
}

function plain(text: string): string {
  const bare = text
    .trim()
    .replace(/^[-*]\s+/, "")
    .replace(/^["'`]/, "");
  // No pattern: one that is bound to the end is tried at each quote of a long answer, up to the same end.
  let end = bare.length;
  while (end > 0 && endMarks.has(bare[end - 1] ?? "")) end -= 1;
  return bare.slice(0, end).trim().toLowerCase();
}

const endMarks: ReadonlySet<string> = new Set(['"', "'", "`", "."]);

function listed(labels: readonly string[]): string {
  return labels.map((label) => `"${label}"`).join(", ");
}
