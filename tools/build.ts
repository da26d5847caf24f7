import { cp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.ts";

/** Builds what the package is published with: JavaScript and declarations of src and emulator, and the files they read. */

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

await rm(dist, { recursive: true, force: true });
await compile();
for (const folder of ["src", "emulator"]) await copyAssets(folder);
await writeManifest();

async function compile(): Promise<void> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { code, log } = await runCommand(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root });
  process.stderr.write(log);
  if (code !== 0) process.exit(1);
}

/** Pages, data and whatever else lies beside the sources and is no source. */
async function copyAssets(folder: string): Promise<void> {
  await cp(join(root, folder), join(dist, folder), { recursive: true, filter: isAsset });
}

function isAsset(path: string): boolean {
  return !path.endsWith(".ts") && basename(path) !== "README.md";
}

/**
 * The compiled code still imports `#core/kernel/result.ts`. The nearest package.json says what that means: here, the
 * JavaScript file (and, for a compiler, the declaration beside it).
 */
async function writeManifest(): Promise<void> {
  const imports = { "#emulator/*.ts": "./emulator/*.js", "#*.ts": "./src/*.js" };
  await writeFile(join(dist, "package.json"), `${JSON.stringify({ type: "module", imports }, null, 2)}\n`);
}
