/** How long the longest sequence is that both lists have in order, not necessarily without gaps. Time n m, memory m. */
export function commonLength(list: readonly string[], other: readonly string[]): number {
  let row = new Uint32Array(other.length + 1);
  let next = new Uint32Array(other.length + 1);
  for (const item of list) {
    for (let at = 1; at <= other.length; at++) {
      next[at] = item === other[at - 1] ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0);
    }
    [row, next] = [next, row];
  }
  return row[other.length] ?? 0;
}

/**
 * Where in the first list the items of a longest common sequence stand. Of several the one is taken that is found from the
 * ends by steps back in the second list only where that alone keeps the length, as ROUGE's implementations do.
 */
export function commonPlaces(list: readonly string[], other: readonly string[]): readonly number[] {
  const width = other.length + 1;
  const lengths = new Uint32Array((list.length + 1) * width);
  for (let row = 1; row <= list.length; row++) {
    for (let at = 1; at <= other.length; at++) {
      const here = row * width + at;
      lengths[here] =
        list[row - 1] === other[at - 1]
          ? (lengths[here - width - 1] ?? 0) + 1
          : Math.max(lengths[here - width] ?? 0, lengths[here - 1] ?? 0);
    }
  }
  const places: number[] = [];
  let [row, at] = [list.length, other.length];
  while (row > 0 && at > 0) {
    const here = row * width + at;
    if (list[row - 1] === other[at - 1]) {
      places.push(row - 1);
      row -= 1;
      at -= 1;
    } else if ((lengths[here - 1] ?? 0) > (lengths[here - width] ?? 0)) at -= 1;
    else row -= 1;
  }
  return places.toReversed();
}
