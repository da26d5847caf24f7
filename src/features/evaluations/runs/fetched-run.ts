import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { AppError } from "#core/kernel/app-error.ts";
import { beginRun, makeFolder, runFiles } from "./run-folder.ts";
import { runManifest } from "./run-manifest.ts";

/**
 * Keeps a run of a Signalbox as a folder, which is read as any other.
 * @param run.manifest as the server tells it
 * @param run.lines its records, as JSON Lines
 * @throws AppError invalid-request when the folder has a run, and for another thing than a run; store-unavailable
 */
export async function keepFetchedRun(
  folder: string,
  run: { readonly manifest: unknown; readonly lines: AsyncIterable<Uint8Array> },
): Promise<void> {
  const manifest = runManifest.safeParse(run.manifest);
  if (!manifest.success)
    throw new AppError(
      "invalid-request",
      "Cannot keep a run: one whose data was read is wanted, it was not yet",
    );
  await makeFolder(folder);
  await beginRun(folder, manifest.data);
  const { records } = runFiles(folder);
  try {
    await pipeline(run.lines, createWriteStream(records, { flags: "wx", mode: 0o600 }));
  } catch (cause) {
    throw new AppError(
      "store-unavailable",
      `Cannot keep records in "${records}": they break off or writing fails`,
      {
        cause,
      },
    );
  }
}
