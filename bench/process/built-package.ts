import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../tools/run-command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds the package as it is published.
 * @returns the file that starts it. From its sources Node keeps the compiler that strips their types in memory, which
 *   nobody's installation does
 */
export async function builtPackage(): Promise<string> {
  const { code, log } = await runCommand(process.execPath, ["tools/build.ts"], { cwd: root });
  if (code !== 0) throw new Error(`Cannot build the package that is to be measured: ${log}`);
  return startFile(root);
}

/** The file that starts the package which a checkout has built. */
export function startFile(checkout: string): string {
  return join(checkout, "dist/src/main.js");
}
