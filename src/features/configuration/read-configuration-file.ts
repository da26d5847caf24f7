import { open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import { ProblemList } from "./problem-list.ts";
import { withPromptFiles, type PromptFile } from "./prompt-files.ts";
import { name } from "./schema/name.ts";
import { InvalidConfigurationError } from "./versions/invalid-configuration-error.ts";
import { configurationBytesMax, readYaml } from "./yaml-source.ts";

/** Files with prompts, at most. */
const promptFilesMax = 500;

/**
 * Reads the text of a configuration file, UTF-8, with the files of the folder `prompts` beside it put into it.
 * @throws AppError `invalid-configuration` when one cannot be read, is too large, is not UTF-8, or is no YAML
 */
export async function readConfigurationFile(path: string): Promise<string> {
  const text = await readText(path);
  const joined = withPromptFiles(text, await readPromptFiles(join(dirname(path), promptFolder)));
  if (joined.ok) return joined.value;
  throw unreadable(path, joined.error, "another form of YAML");
}

/**
 * Reads the data of any other YAML file (JSON is YAML, too); undefined where it is empty.
 * @throws AppError `invalid-configuration` when it cannot be read, is too large, is not UTF-8, or is no YAML
 */
export async function readYamlFile(path: string): Promise<unknown> {
  const yaml = readYaml(await readText(path));
  if (yaml.ok) return yaml.value.value;
  throw new InvalidConfigurationError(`read "${path}"`, path, yaml.error);
}

/**
 * Reads another YAML file by a schema, and makes something of it. An empty file is an empty map.
 * @param make adds what is wrong beyond the schema; what it gives is used where nothing is
 * @throws AppError `invalid-configuration` as `readYamlFile`, and with each problem at its line
 */
export async function readYamlFileAs<Written, Value>(
  path: string,
  schema: z.ZodType<Written>,
  make: (written: Written, problems: Pick<ProblemList, "add">) => Value | undefined,
): Promise<Value> {
  const text = await readText(path);
  const yaml = readYaml(text.trim() === "" ? "{}" : text);
  if (!yaml.ok) throw new InvalidConfigurationError(`read "${path}"`, path, yaml.error);
  const problems = new ProblemList(yaml.value);
  const written = problems.read([], schema);
  const value = written === undefined ? undefined : make(written, problems);
  if (value !== undefined && problems.problems.length === 0) return value;
  throw new InvalidConfigurationError(`read "${path}"`, path, problems.problems);
}

/** The folder with prompts, beside the configuration file. */
export const promptFolder = "prompts";

async function readPromptFiles(folder: string): Promise<readonly PromptFile[]> {
  const names = (await filesIn(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (names.length > promptFilesMax)
    throw unreadable(folder, `at most ${promptFilesMax} files`, String(names.length));
  const files: PromptFile[] = [];
  for (const file of names) files.push(await readPromptFile(folder, file));
  return files;
}

async function readPromptFile(folder: string, file: string): Promise<PromptFile> {
  const path = join(folder, file);
  const read = name.safeParse(file.replace(/\.ya?ml$/, ""));
  if (!read.success)
    throw unreadable(path, `a file whose name begins with ${nameWanted}`, JSON.stringify(file));
  const text = await readText(path);
  const told = `${promptFolder}/${file}`;
  const yaml = readYaml(text);
  if (!yaml.ok) throw new InvalidConfigurationError(`read prompt "${read.data}"`, told, yaml.error);
  return { name: read.data, file: told, text };
}

const nameWanted = "the name of a prompt: letters, digits, '.', '_' and '-'";

/** The names of the files in a folder; none where there is no such folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an unknown error";
    // Beside a device or a file that is no folder there is none either: the file itself says what is wrong.
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw unreadable(folder, "a readable folder", code, cause);
  }
}

function unreadable(path: string, wanted: string, actual: string, cause?: unknown): AppError {
  const message = `Cannot read configuration "${path}": wanted ${wanted}, got ${actual}`;
  return new AppError("invalid-configuration", message, { cause });
}

async function readText(path: string): Promise<string> {
  const bytes = await readBounded(path);
  if (bytes.length > configurationBytesMax) {
    throw new AppError(
      "invalid-configuration",
      `Cannot read configuration "${path}": wanted at most 1 MiB, got more`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError(
      "invalid-configuration",
      `Cannot read configuration "${path}": wanted UTF-8, got other bytes`,
      { cause },
    );
  }
}

/** Reads one byte more than is allowed at most, whatever the file says its size is. */
async function readBounded(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, "r");
    const buffer = new Uint8Array(configurationBytesMax + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an unknown error";
    throw new AppError(
      "invalid-configuration",
      `Cannot read configuration "${path}": wanted a readable file, got ${code}`,
      { cause },
    );
  }
}
