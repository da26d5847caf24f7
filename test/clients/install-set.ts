import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../tools/run-command.ts";
import { root } from "../architecture/repository.ts";
import type { ClientSet } from "./client-sets.ts";

/** Longest installation, ms: Genkit brings five hundred packages. */
const installMsMax = 10 * 60_000;

/** Says which lock file the installed packages are of. */
const mark = "node_modules/.signalbox-lock";

/**
 * Installs a set as its lock file says, unless that has been done. Scripts of packages are not run.
 * @throws Error with what npm said when it fails
 */
export async function installSet(set: ClientSet): Promise<void> {
  if (set.folder === ".") return;
  const folder = join(root, set.folder);
  const lock = await readFile(join(folder, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  if ((await installedLock(folder)) === wanted) return;
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await mustRun("npm", ["ci", ...quiet], { cwd: folder, timeout: installMsMax });
  await writeFile(join(folder, mark), wanted);
}

async function installedLock(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, mark), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
