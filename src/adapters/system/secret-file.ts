import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Random } from "#core/kernel/random.ts";
import { AppError } from "#core/kernel/app-error.ts";

/** Random bytes of a new secret. */
const secretBytes = 32;
/** Shortest text that is taken for a whole secret, characters: 128 bits as hexadecimal. */
const secretLengthMin = 32;

/**
 * Reads a secret that a file holds, or makes one (64 hexadecimal digits) at the first start. The file is readable by
 * its owner only. Of several processes that start together, one makes it and all read the same.
 * @throws AppError invalid-configuration, when the file is there and holds less than a secret
 */
export function secretFile(path: string, random: Random): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) createOnce(path, Buffer.from(random.bytes(secretBytes)).toString("hex"));
  chmodSync(path, 0o600);
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length >= secretLengthMin) return secret;
  throw new AppError(
    "invalid-configuration",
    `Cannot read secret file "${path}": at least ${secretLengthMin} characters are wanted, it has ${secret.length}; ` +
      "restore it from a backup, or remove it to make a new one (what was made under the old one is then invalid)",
  );
}

/** Puts the whole file in place at once, so that no other process reads half a secret, and never over another. */
function createOnce(path: string, secret: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
}
