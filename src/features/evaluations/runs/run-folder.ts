import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#core/kernel/app-error.ts";
import { runManifest, type RunManifest } from "./run-manifest.ts";

/** The files of a run's folder. */
export function runFiles(folder: string): { readonly manifest: string; readonly records: string } {
  return { manifest: join(folder, "run.json"), records: join(folder, "records.jsonl") };
}

/** Makes a folder where it is not there, for its owner only. @throws AppError store-unavailable */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

/**
 * Begins a new run in a folder.
 * @throws AppError invalid-request when a run is there; store-unavailable when it cannot be written
 */
export async function beginRun(folder: string, manifest: RunManifest): Promise<void> {
  const path = runFiles(folder).manifest;
  if ((await readable(path)) !== undefined)
    throw new AppError(
      "invalid-request",
      `Cannot begin a run in "${folder}": a folder without a run is wanted, one is there; --resume goes on with it`,
    );
  try {
    await writeWhole(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

function unwritable(folder: string, cause: unknown): AppError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an unknown error";
  return new AppError("store-unavailable", `Cannot keep a run in "${folder}": writing fails with ${code}`, {
    cause,
  });
}

/**
 * What a folder's run is of.
 * @throws AppError not-found when there is none; invalid-request when it is another thing
 */
export async function readRunFolder(folder: string): Promise<RunManifest> {
  const path = runFiles(folder).manifest;
  const text = await readable(path);
  if (text === undefined)
    throw new AppError("not-found", `Cannot read a run in "${folder}": a run.json is wanted, there is none`);
  const manifest = runManifest.safeParse(jsonIn(text));
  if (manifest.success) return manifest.data;
  throw new AppError(
    "invalid-request",
    `Cannot read a run in "${folder}": the run.json of a run is wanted, it is another`,
  );
}

/** Written beside and then moved: whoever reads it sees all of it or nothing. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

async function readable(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // What is no folder has no run either.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new AppError("store-unavailable", `Cannot read "${path}": reading fails with ${String(code)}`, {
      cause: error,
    });
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is told as a manifest of another form.
    return undefined;
  }
}
