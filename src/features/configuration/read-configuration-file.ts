import { open } from "node:fs/promises";
import { AppError } from "#core/kernel/app-error.ts";
import { configurationBytesMax } from "./yaml-source.ts";

/**
 * Reads the text of a configuration file, UTF-8.
 * @throws AppError `invalid-configuration` when it cannot be read, is too large, or is not UTF-8
 */
export async function readConfigurationFile(path: string): Promise<string> {
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
