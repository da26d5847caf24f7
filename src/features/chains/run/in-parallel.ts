/**
 * Runs a task for each item, so many at once at most. When one fails the others are stopped by their signal, and the
 * first failure is thrown once all have ended: nothing is left running.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  options: { readonly concurrency: number; readonly signal: AbortSignal },
  task: (item: Item, index: number, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      const item = items[index];
      // An index below the length has an item; the type cannot say so.
      if (item === undefined) continue;
      try {
        results[index] = await task(item, index, signal);
      } catch (error) {
        failures.push(error);
        stopping.abort();
      }
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, items.length) }, work);
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return results;
}
