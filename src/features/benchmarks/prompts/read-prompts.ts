import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject } from "#core/kernel/json.ts";

/** Prompts of a file, at most: they are kept while the run lasts. */
const promptsMax = 200_000;

/**
 * The prompts of a JSON Lines or CSV file, in its order.
 * @param field which field or column has the prompt
 * @throws AppError `invalid-request` for a file that cannot be read, or a row without a prompt
 */
export async function readPrompts(path: string, field: string): Promise<readonly string[]> {
  const text = await textOf(path);
  const rows = /^\s*\{/.test(text) ? jsonRows(text, path) : csvRows(text, path);
  if (rows.length === 0 || rows.length > promptsMax)
    throw refusal(path, `1 to ${promptsMax} prompts are wanted, there are ${rows.length}`);
  return rows.map((row, at) => {
    const prompt = isJsonObject(row) ? row[field] : undefined;
    if (typeof prompt === "string" && prompt !== "") return prompt;
    throw refusal(path, `a text "${field}" is wanted in each row, row ${at + 1} has none`);
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw refusal(path, `a file that can be read is wanted, got ${codeOf(error)}`, error);
  }
}

function jsonRows(text: string, path: string): readonly unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, at) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw refusal(path, `JSON is wanted in each line, row ${at + 1} is none`, error);
      }
    });
}

function csvRows(text: string, path: string): readonly unknown[] {
  try {
    return parse(text, { bom: true, columns: true, skip_empty_lines: true });
  } catch (error) {
    throw refusal(path, `JSON Lines or CSV is wanted, got ${codeOf(error)}`, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "another failure";
}

function refusal(path: string, reason: string, cause?: unknown): AppError {
  return new AppError("invalid-request", `Cannot read prompts "${path}": ${reason}`, { cause });
}
