import { AppError } from "#core/kernel/app-error.ts";

/** The error of a data set of which no more can be read. */
export function unreadable(
  name: string,
  problem: { readonly wanted: string; readonly actual: string; readonly cause?: unknown },
): AppError {
  const { wanted, actual, cause } = problem;
  return new AppError("invalid-request", `Cannot read data set "${name}": ${wanted} is wanted, ${actual}`, {
    cause,
  });
}
