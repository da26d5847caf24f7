import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../tools/run-command.ts";

/** Longest installation, ms: promptfoo brings seven hundred packages. */
const installMsMax = 20 * 60_000;

/** Says that an installation came to its end. */
const mark = "installed";

/** Installs a package of PyPI into a Python of its own. @returns its folder; programs are in `bin` */
export function installedPython(name: string, ...requirements: readonly string[]): Promise<string> {
  return installed(name, async (folder) => {
    await run("python3", ["-m", "venv", folder], folder);
    const quiet = ["--quiet", "--disable-pip-version-check"];
    await run(join(folder, "bin/pip"), ["install", ...quiet, ...requirements], folder);
  });
}

/** Installs a package of npm into a folder. @returns it; programs are in `node_modules/.bin` */
export function installedNode(name: string, requirement: string): Promise<string> {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
  return installed(name, (folder) =>
    run("npm", ["install", ...quiet, "--prefix", folder, requirement], folder),
  );
}

/** @param name with its version: another version is installed beside */
async function installed(name: string, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), "signalbox-evaluators", name);
  if (await exists(join(folder, mark))) return folder;
  // What a broken installation left is no beginning.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(join(folder, mark), "");
  return folder;
}

async function run(program: string, words: readonly string[], cwd: string): Promise<void> {
  await mustRun(program, words, { cwd, timeout: installMsMax });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    // Not there: whatever the reason, it is installed anew.
    return false;
  }
}
