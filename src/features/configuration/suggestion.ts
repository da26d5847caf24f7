/** A name may differ from a known one by this many edits, and by no more than about a third of its length. */
const editsMax = 3;
/** Known names that an error lists. */
const listedMax = 12;
/** Names longer than this are compared by their beginning only: the comparison takes length squared. */
const comparedLengthMax = 100;

/** The known names close to a mistyped one, closest first, at most `count`. */
export function suggestions(name: string, known: Iterable<string>, count = 1): readonly string[] {
  const allowed = Math.min(editsMax, Math.floor((name.length + 1) / 3));
  return [...known]
    .map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
    .filter(({ edits }) => edits <= allowed)
    .toSorted((left, right) => left.edits - right.edits)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** What to write instead of an unknown name: one of the known ones, and the closest. */
export function knownNames(name: string, known: Iterable<string>): string {
  const names = [...new Set(known)];
  if (names.length === 0) return "a name that is defined (none is)";
  const [closest] = suggestions(name, names);
  const more = names.length > listedMax ? ` and ${names.length - listedMax} more` : "";
  const hint = closest === undefined ? "" : ` (did you mean "${closest}"?)`;
  return `one of ${names.slice(0, listedMax).join(", ")}${more}${hint}`;
}

/** Edits (insert, delete, replace, swap of neighbours) from one text to the other, case ignored. */
function editDistance(from: string, to: string): number {
  const source = from.toLowerCase().slice(0, comparedLengthMax);
  const target = to.toLowerCase().slice(0, comparedLengthMax);
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let row = 1; row <= source.length; row++) {
    const current = [row];
    for (let column = 1; column <= target.length; column++) {
      const replaced = at(last, column - 1) + (source[row - 1] === target[column - 1] ? 0 : 1);
      const swapped =
        source[row - 1] === target[column - 2] && source[row - 2] === target[column - 1]
          ? at(beforeLast, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, swapped, at(last, column) + 1, at(current, column - 1) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, target.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
