import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { AppError } from "#core/kernel/app-error.ts";
import { share, shareText } from "#core/kernel/share.ts";
import { scaledShares } from "./scaled-shares.ts";
import { edited, type TextEdit } from "./text-edit.ts";
import { appended, endOf, entryText, lineBehind, lineStart, rangeOf } from "./yaml-place.ts";

/** A share of a route that a variant is to have. */
export interface ShareEdit {
  readonly variant: string;
  readonly route: string;
  /** In (0, 1]. */
  readonly share: number;
}

/**
 * The text of a configuration with a share of a route for one more variant. Of `weighted` and `consistent_hash` the other
 * shares are scaled, each keeps its relation to the others; `use` becomes `weighted`. Nothing else changes.
 * @throws AppError invalid-request, where the strategy has no shares, or is not written in its place
 */
export function withShare(text: string, edit: ShareEdit): string {
  const document = parseDocument(text, { stringKeys: true });
  const strategy: unknown = document.getIn(["routes", edit.route, "strategy"], true);
  if (!isMap(strategy)) throw unscalable(edit, "it is not written there");
  if (isShared(strategy))
    throw unscalable(edit, "an anchor or an alias stands in it: more than this route would change");
  const [first, ...others] = strategy.items;
  if (!first || others.length > 0 || !isScalar(first.key)) throw unscalable(edit, "it is no single strategy");
  return edited(text, editsOf({ text, edit, key: first.key, value: first.value }));
}

/** Whether a change of it would be one elsewhere, or must be made elsewhere. */
function isShared(node: Node): boolean {
  let shared = false;
  visit(node, {
    Node(_key, inner) {
      if (!isAlias(inner) && inner.anchor === undefined) return undefined;
      shared = true;
      return visit.BREAK;
    },
  });
  return shared;
}

/** A strategy as it is written: its word, and what it is told. */
interface Written {
  readonly text: string;
  readonly edit: ShareEdit;
  readonly key: Scalar;
  readonly value: unknown;
}

function editsOf(written: Written): readonly TextEdit[] {
  const { key, value, edit } = written;
  if (key.value === "use") return weightedInstead(written);
  const shares: unknown = key.value === "consistent_hash" && isMap(value) ? value.get("shares", true) : value;
  if (key.value === "weighted" || key.value === "consistent_hash") {
    if (isMap(shares)) return scaledMap(written, shares);
    if (isSeq(shares)) return scaledList(written, shares);
  }
  throw unscalable(edit, `it is \`${String(key.value)}\``, wrapped(edit, String(key.value)));
}

/** `{ a: 80%, b: 20% }` */
function scaledMap({ text, edit }: Written, shares: YAMLMap): readonly TextEdit[] {
  const scaled = scaledIn(text, { edit, values: shares.items.map(({ value }) => value) });
  return [...scaled.edits, appended(text, shares, entryText(edit.variant, scaled.taken))];
}

/** `[{ share: 80%, use: a }, { share: 20%, use: { priority: [b, c] } }]` */
function scaledList({ text, edit }: Written, shares: YAMLSeq): readonly TextEdit[] {
  const values = shares.items.map((item) => (isMap(item) ? item.get("share", true) : undefined));
  const scaled = scaledIn(text, { edit, values });
  return [...scaled.edits, appended(text, shares, partText(edit.variant, scaled.taken))];
}

function scaledIn(
  text: string,
  { edit, values }: { readonly edit: ShareEdit; readonly values: readonly unknown[] },
) {
  const written = values.map((value) => {
    const read = isScalar(value) ? share.safeParse(value.value) : undefined;
    if (!isScalar(value) || !read?.success)
      throw unscalable(edit, "not all of its shares are written as one");
    return { range: rangeOf(value), share: read.data };
  });
  const { others, taken } = scaledShares(
    written.map((one) => one.share),
    edit.share,
  );
  const edits = written.map(({ range: [from, to] }, at) => {
    // What was in quotes stays in quotes: a file may be JSON.
    const [, quote = ""] = /^(["']?)/.exec(text.slice(from, to)) ?? [];
    return { from, to, text: `${quote}${others[at] ?? ""}${quote}` };
  });
  return { edits, taken };
}

/** `use: a` gives way to `weighted`, with what it used as one of two. */
function weightedInstead({ text, edit, key, value }: Written): readonly TextEdit[] {
  const { others, taken } = scaledShares([1], edit.share);
  const [rest = ""] = others;
  const [from, keyEnd] = rangeOf(key);
  if (isScalar(value)) {
    const shares = { [String(value.value)]: rest, [edit.variant]: taken };
    return [{ from, to: rangeOf(value)[1], text: entryText("weighted", shares) }];
  }
  if (!isMap(value)) throw unscalable(edit, "it uses nothing that has a name");
  const used = text.slice(keyEnd, endOf(value));
  const part = partText(edit.variant, taken);
  if (value.flow === true) {
    const [start, to] = rangeOf(value);
    return [{ from, to, text: `weighted: [{ share: ${rest}, use: ${text.slice(start, to)} }, ${part}]` }];
  }
  // In lines of their own, with the comments between them: they go deeper, as a part of a list.
  const indent = " ".repeat(from - lineStart(text, from));
  const deeper = used.replaceAll(/\n(?=[^\n])/g, "\n    ");
  const head = `weighted:\n${indent}  - share: ${rest}\n${indent}    use`;
  return [
    { from, to: endOf(value), text: head + deeper },
    lineBehind(text, endOf(value), `${indent}  - ${part}`),
  ];
}

function partText(variant: string, taken: string): string {
  return `{ ${entryText("share", taken)}, ${entryText("use", variant)} }`;
}

/** How a strategy without shares becomes a part of one with them. */
function wrapped({ variant, share: taken }: ShareEdit, keyword: string): string {
  const rest = `{ share: ${shareText(1 - taken)}, use: { ${keyword}: ... } }`;
  return ` as \`weighted: [${rest}, ${partText(variant, shareText(taken))}]\``;
}

function unscalable({ route }: ShareEdit, actual: string, how = ""): AppError {
  return new AppError(
    "invalid-request",
    `Cannot give a share of route "${route}": a strategy \`use\`, \`weighted\` or \`consistent_hash\` is wanted, whose shares are then scaled, ${actual}; ` +
      `leave the share out and write it into the configuration${how}`,
  );
}
