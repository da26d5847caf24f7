/** Deepest chain of causes that is logged. */
const causesMax = 4;

/** An error as the log tells it. */
interface LoggableError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggableError;
}

/**
 * What the log tells of an error: its type, code, text, frames and causes. No other property: a database's error
 * carries rows in them, an HTTP client's the request. The text of a SyntaxError quotes what could not be parsed.
 */
export function loggableError(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error))
    return { type: typeof error, message: "something else than an error was thrown" };
  const code: unknown = Reflect.get(error, "code");
  const frames = stackFrames(error);
  return {
    type: error.name,
    ...(typeof code === "string" && { code }),
    message: error instanceof SyntaxError ? "malformed input" : error.message,
    ...(frames && { stack: frames }),
    ...(error.cause !== undefined && depth < causesMax && { cause: loggableError(error.cause, depth + 1) }),
  };
}

/** The frames without the first lines, which repeat the message. */
function stackFrames(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .filter((line) => line.startsWith("    at "))
    .map((line) => line.trim())
    .join("; ");
}
