/**
 * The least that some tries took, one after another, ms. What is slow is so each time; a pause of a machine that is busy hits
 * one of them.
 */
export async function soonest(tries: number, takenMs: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let done = 0; done < tries; done++) least = Math.min(least, await takenMs());
  return least;
}
