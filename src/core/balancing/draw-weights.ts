/** Filled and read within one pick, so that nothing is allocated for it. */
let scratch = new Float64Array(32);

/** An array of zeros, at least so long, to draw from: used again by the next who asks for one. */
export function cleared(length: number): Float64Array {
  if (length > scratch.length) scratch = new Float64Array(2 * length);
  return scratch.fill(0);
}
