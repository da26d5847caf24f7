/** How long is waited for something, unless told otherwise, ms. */
const waitMsMax = 5_000;

/** Waits until something holds. @throws when it does not come in time */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  msMax: number = waitMsMax,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`What was waited for did not come within ${msMax / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
