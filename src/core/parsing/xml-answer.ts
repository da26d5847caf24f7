import type { Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Deepest nesting of elements. */
const xmlDepthMax = 16;
/** Most elements of an answer. */
const xmlElementsMax = 1_000;

/** An element under way. */
interface Open {
  readonly name: string;
  readonly children: [string, Json][];
  text: string;
}

/**
 * Reads an answer as XML with one root: an element with elements in it is an object, one with text its text, and
 * several of one name are a list. Attributes, comments and processing instructions are skipped; there are no DTDs, and
 * so no entities but the five of XML.
 * @param root the name that the root must have
 */
export function parseXml(answer: string, root: string): Result<Json, ParseProblem> {
  const start = answer.indexOf(`<${root}`);
  if (start === -1) return failed({ wanted: `an element <${root}>`, actual: "none" });
  const open: Open[] = [];
  let elements = 0;
  let at = start;
  for (const match of answer.slice(start).matchAll(tokenPattern)) {
    at = start + match.index;
    const [whole, closing, opening, isEmpty, text] = match;
    const inside = open.at(-1);
    if (text !== undefined) {
      if (inside) inside.text += unescaped(text);
    } else if (closing !== undefined) {
      if (inside?.name !== closing) break;
      open.pop();
      const value = valueOf(inside);
      const parent = open.at(-1);
      if (!parent) return inside.name === root ? ok({ [root]: value }) : failed(rootProblem(root, at));
      parent.children.push([closing, value]);
    } else if (opening !== undefined) {
      elements += 1;
      if (elements > xmlElementsMax || open.length >= xmlDepthMax) {
        return failed({
          wanted: `at most ${xmlElementsMax} elements, ${xmlDepthMax} deep`,
          actual: "more",
          at,
        });
      }
      if (isEmpty === "/") {
        if (!inside) return opening === root ? ok({ [root]: "" }) : failed(rootProblem(root, at));
        inside.children.push([opening, ""]);
      } else open.push({ name: opening, children: [], text: "" });
    } else if (!/^<[!?]/.test(whole)) break;
  }
  const unclosed = open.at(-1);
  return failed({
    wanted: unclosed ? "each element closed by its own name" : `an element <${root}>`,
    actual: "something else",
    at,
  });
}

/** Closing tag, opening or empty tag, comment or declaration, text; each bounded by the next angle bracket. */
const tokenPattern =
  /<\/([A-Za-z_][\w.-]*)\s*>|<([A-Za-z_][\w.-]*)(?:\s[^<>]*?)?(\/)?>|<!--[^]*?-->|<[!?][^<>]*>|([^<]+)|</g;

function valueOf({ children, text }: Open): Json {
  if (children.length === 0) return text.trim();
  const grouped = Map.groupBy(children, ([name]) => name);
  return Object.fromEntries(
    [...grouped].map(([name, group]) => {
      const values = group.map(([, value]) => value);
      const [only] = values;
      return [name, values.length === 1 && only !== undefined ? only : values];
    }),
  );
}

function rootProblem(root: string, at: number): ParseProblem {
  return { wanted: `an element <${root}>`, actual: "another element", at };
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => entities[name] ?? whole);
}
