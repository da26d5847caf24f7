/** A check that a command made did not pass. What was wrong is told already. */
export class CheckFailedError extends Error {
  override readonly name = "CheckFailedError";
}
