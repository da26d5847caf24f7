import { createContext, Script } from "node:vm";

const script = new Script("job()");

/** A job took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Runs a job in this thread and interrupts it when it takes too long: also inside a regular expression, which nothing
 * else could end.
 * @param limitMs longest time, ms > 0
 * @throws what the job throws; TimeLimitError when it took longer
 */
export function withinTime<Value>(limitMs: number, job: () => Value): Value {
  try {
    // The script's value is what the job returned.
    return script.runInContext(createContext({ job }), { timeout: limitMs }) as Value;
  } catch (error) {
    // It comes from the context's own realm, where Error is another class.
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    if (code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new TimeLimitError(`A job took longer than ${limitMs} ms`);
  }
}
