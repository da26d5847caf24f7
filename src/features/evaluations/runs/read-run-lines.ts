import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { RunLine } from "./run-log.ts";

/**
 * The lines of a run's records, one after another. The last line may be half of one, which a crash left: it is passed over.
 * @throws AppError invalid-request when another line is none of a run; store-unavailable when the file cannot be read
 */
export async function* readRunLines(path: string): AsyncGenerator<RunLine> {
  let number = 0;
  let torn: number | undefined;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  try {
    for await (const text of lines) {
      number++;
      if (torn !== undefined) throw unreadable(path, torn);
      const line = lineOf(text);
      if (line) yield line;
      else torn = number;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("store-unavailable", `Cannot read the records of the run in "${path}"`, {
      cause: error,
    });
  }
}

function unreadable(path: string, line: number): AppError {
  return new AppError(
    "invalid-request",
    `Cannot read the records of the run in "${path}": lines as a run writes them are wanted, line ${line} is none`,
  );
}

function lineOf(text: string): RunLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    // Only a run writes this file, and its lines are whole or torn: what has the parts of one is one.
    return isRunLine(value) ? (value as unknown as RunLine) : undefined;
  } catch {
    // Half a line; whoever calls knows whether it may be.
    return undefined;
  }
}

function isRunLine({ kind, position, record }: JsonObject): boolean {
  if (!Number.isSafeInteger(position)) return false;
  if (kind === "started") return true;
  return kind === "finished" && isJsonObject(record) && isJsonObject(record["outcome"]);
}
