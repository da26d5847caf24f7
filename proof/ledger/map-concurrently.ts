/** Runs a job for each number below `count`, so many at once. */
export async function mapConcurrently(
  count: number,
  concurrency: number,
  job: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
