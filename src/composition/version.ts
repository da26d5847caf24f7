import { readFileSync } from "node:fs";
import { z } from "zod";

/** The package's description lies one level above src in the repository, two above the compiled code. */
const places = ["../../package.json", "../../../package.json"];

/** This program's version, e.g. `0.1.0`. */
export const version: string = readVersion();

function readVersion(): string {
  for (const place of places) {
    const manifest = manifestAt(new URL(place, import.meta.url));
    if (manifest) return manifest;
  }
  throw new Error("Broken invariant: the package.json of signalbox lies beside its code");
}

const manifestShape = z.object({ name: z.literal("signalbox"), version: z.string() });

function manifestAt(url: URL): string | undefined {
  try {
    return manifestShape.safeParse(JSON.parse(readFileSync(url, "utf8"))).data?.version;
  } catch {
    // Not there: the other place is.
    return undefined;
  }
}
