import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { PromptMessageSettings, PromptVersionSettings } from "./prompt-schema.ts";

/** A message, or another part of a version, that two versions do not have in common. */
export interface PromptChange {
  readonly kind: "add" | "change" | "remove";
  /** `messages.2`, counted in the later version (in the earlier one of what is removed), or `variables.tone`. */
  readonly path: string;
  /** The change in a line. */
  readonly text: string;
}

/** Longest text of a message that is shown, characters. */
const shownLengthMax = 400;

/** What changed from one version to another, message by message; empty where they say the same. */
export function promptDifference(
  before: PromptVersionSettings,
  after: PromptVersionSettings,
): readonly PromptChange[] {
  const formats = [before.format ?? "f-string", after.format ?? "f-string"] as const;
  const format: readonly PromptChange[] =
    formats[0] === formats[1]
      ? []
      : [{ kind: "change", path: "format", text: `format ${formats[0]} -> ${formats[1]}` }];
  return [
    ...format,
    ...messageChanges(before.messages, after.messages),
    ...entryChanges("variables", before.variables ?? {}, after.variables ?? {}),
    ...entryChanges("partials", before.partials ?? {}, after.partials ?? {}),
  ];
}

type Messages = readonly PromptMessageSettings[];

function messageChanges(before: Messages, after: Messages): readonly PromptChange[] {
  const kept = commonMessages(before.map(canonicalJson), after.map(canonicalJson));
  const changes: PromptChange[] = [];
  let [from, to] = [0, 0];
  for (const [nextFrom, nextTo] of [...kept, [before.length, after.length] as const]) {
    const removed = before.slice(from, nextFrom);
    const added = after.slice(to, nextTo);
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [was, is] = [removed[at], added[at]];
      if (was && is)
        changes.push({
          kind: "change",
          path: `messages.${to + at}`,
          text: `${messageText(was)} -> ${messageText(is)}`,
        });
      else if (is) changes.push({ kind: "add", path: `messages.${to + at}`, text: messageText(is) });
      else if (was) changes.push({ kind: "remove", path: `messages.${from + at}`, text: messageText(was) });
    }
    [from, to] = [nextFrom + 1, nextTo + 1];
  }
  return changes;
}

/** Places of the longest series of messages that both have, in order. */
function commonMessages(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--) {
      const length =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.fill(length, column, column + 1);
    }
  const pairs: (readonly [number, number])[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}

function entryChanges(
  section: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly PromptChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): readonly PromptChange[] => {
    const [was, is] = [before[name], after[name]].map((value) =>
      value === undefined ? undefined : canonicalJson(value),
    );
    const path = `${section}.${name}`;
    if (was === is) return [];
    if (was === undefined) return [{ kind: "add", path, text: `${name} ${shown(is ?? "")}` }];
    if (is === undefined) return [{ kind: "remove", path, text: `${name} ${shown(was)}` }];
    return [{ kind: "change", path, text: `${name} ${shown(was)} -> ${shown(is)}` }];
  });
}

function messageText(message: PromptMessageSettings): string {
  const [kind = "", content] = Object.entries(message).find(([key]) => key !== "optional") ?? [];
  return `${kind} ${shown(canonicalJson(content))}`;
}

function shown(text: string): string {
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}...`;
}
