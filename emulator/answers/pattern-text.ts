import type { Random } from "../random.ts";

/**
 * Texts that match a regular expression of the simple kinds: literals, classes, groups, alternatives, quantifiers.
 * Look-around is read and left out, back-references are not supported; callers test the text against the pattern.
 */
type Node =
  | { readonly kind: "characters"; readonly choices: readonly string[] }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "alternatives"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number };

const lower = "abcdefghijklmnopqrstuvwxyz";
const letters: readonly string[] = (lower + lower.toUpperCase()).split("");
const digits: readonly string[] = "0123456789".split("");
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const repeatsMax = 2000;

/** A text that should match the pattern; `stretch` is how far open-ended repeats go beyond their minimum. */
export function patternText(pattern: string, random: Random, stretch: number): string {
  return write(parsePattern(pattern), random, stretch);
}

function write(node: Node, random: Random, stretch: number): string {
  switch (node.kind) {
    case "characters":
      return node.choices.length === 0 ? "" : random.pick(node.choices);
    case "sequence":
      return node.nodes.map((child) => write(child, random, stretch)).join("");
    case "alternatives":
      return write(random.pick(node.nodes), random, stretch);
    case "repeat": {
      const count = Math.min(repeatsMax, random.integer(node.min, Math.min(node.max, node.min + stretch)));
      return Array.from({ length: count }, () => write(node.node, random, stretch)).join("");
    }
  }
}

function parsePattern(pattern: string): Node {
  const reader = { text: pattern, at: 0 };
  return readAlternatives(reader);
}

interface Reader {
  readonly text: string;
  at: number;
}

function readAlternatives(reader: Reader): Node {
  const nodes = [readSequence(reader)];
  while (reader.text[reader.at] === "|") {
    reader.at += 1;
    nodes.push(readSequence(reader));
  }
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: "alternatives", nodes };
}

function readSequence(reader: Reader): Node {
  const nodes: Node[] = [];
  while (reader.at < reader.text.length && !"|)".includes(reader.text[reader.at] ?? "")) {
    const atom = readAtom(reader);
    const repeated = readQuantifier(reader, atom);
    nodes.push(repeated);
  }
  return { kind: "sequence", nodes };
}

const nothing: Node = { kind: "sequence", nodes: [] };

function readAtom(reader: Reader): Node {
  const character = reader.text[reader.at] ?? "";
  reader.at += 1;
  if (character === "^" || character === "$") return nothing;
  if (character === ".") return { kind: "characters", choices: [...letters, ...digits] };
  if (character === "[") return readClass(reader);
  if (character === "(") return readGroup(reader);
  if (character === "\\") return readEscape(reader);
  return { kind: "characters", choices: [character] };
}

function readGroup(reader: Reader): Node {
  const opening = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(reader.text.slice(reader.at))?.[0] ?? "";
  reader.at += opening.length;
  const body = readAlternatives(reader);
  reader.at += 1;
  const isLookAround = /[=!]$/.test(opening);
  return isLookAround ? nothing : body;
}

function readEscape(reader: Reader): Node {
  const letter = reader.text[reader.at] ?? "";
  reader.at += 1;
  if (letter === "b" || letter === "B") return nothing;
  if (letter === "p" && reader.text[reader.at] === "{") {
    reader.at = reader.text.indexOf("}", reader.at) + 1;
    return { kind: "characters", choices: letters };
  }
  return { kind: "characters", choices: escapedChoices(reader, letter) };
}

function escapedChoices(reader: Reader, letter: string): readonly string[] {
  const hex = letter === "u" ? 4 : letter === "x" ? 2 : 0;
  if (hex > 0) {
    const code = reader.text.slice(reader.at, reader.at + hex);
    reader.at += hex;
    return [String.fromCharCode(Number.parseInt(code, 16))];
  }
  const sets: Readonly<Record<string, readonly string[]>> = {
    d: digits,
    w: [...letters, ...digits, "_"],
    s: [" "],
    D: letters,
    W: ["-", " ", "."],
    S: [...letters, ...digits],
    n: ["\n"],
    t: ["\t"],
    r: ["\r"],
  };
  return sets[letter] ?? [letter];
}

function readClass(reader: Reader): Node {
  const isNegated = reader.text[reader.at] === "^";
  if (isNegated) reader.at += 1;
  const members = new Set<string>();
  while (reader.at < reader.text.length && reader.text[reader.at] !== "]") {
    const first = readClassMember(reader);
    const isRange = reader.text[reader.at] === "-" && (reader.text[reader.at + 1] ?? "]") !== "]";
    if (isRange && first.length === 1) {
      reader.at += 1;
      addRange(members, first[0] ?? "", readClassMember(reader)[0] ?? "");
    } else for (const member of first) members.add(member);
  }
  reader.at += 1;
  const choices = isNegated ? printable.filter((character) => !members.has(character)) : [...members];
  return { kind: "characters", choices };
}

function readClassMember(reader: Reader): readonly string[] {
  const character = reader.text[reader.at] ?? "";
  reader.at += 1;
  if (character !== "\\") return [character];
  const escape = readEscape(reader);
  return escape.kind === "characters" ? escape.choices : [];
}

const rangeMax = 512;

function addRange(members: Set<string>, first: string, last: string): void {
  const start = first.charCodeAt(0);
  const end = Math.min(last.charCodeAt(0), start + rangeMax);
  for (let code = start; code <= end; code += 1) members.add(String.fromCharCode(code));
}

function readQuantifier(reader: Reader, node: Node): Node {
  const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(reader.text.slice(reader.at))?.[0];
  if (quantifier === undefined) return node;
  reader.at += quantifier.length;
  if (reader.text[reader.at] === "?") reader.at += 1;
  return { kind: "repeat", node, ...quantifierRange(quantifier) };
}

function quantifierRange(quantifier: string): { readonly min: number; readonly max: number } {
  if (quantifier === "*") return { min: 0, max: Number.POSITIVE_INFINITY };
  if (quantifier === "+") return { min: 1, max: Number.POSITIVE_INFINITY };
  if (quantifier === "?") return { min: 0, max: 1 };
  const [min = "0", max] = quantifier.slice(1, -1).split(",");
  const least = Number(min);
  return { min: least, max: max === undefined ? least : max === "" ? Number.POSITIVE_INFINITY : Number(max) };
}
