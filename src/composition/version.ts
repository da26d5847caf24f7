import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** The package's description lies two levels above this file in the repository, three above its compiled form. */
const places = ["../../package.json", "../../../package.json"];

const manifestShape = z.object({ name: z.literal("signalbox"), version: z.string() });

/** This program's version, e.g. `0.1.0`. */
export const version: string = readVersion();

function readVersion(): string {
  for (const place of places) {
    const url = new URL(place, import.meta.url);
    const manifest = existsSync(url)
      ? manifestShape.safeParse(JSON.parse(readFileSync(url, "utf8")))
      : undefined;
    if (manifest?.success) return manifest.data.version;
  }
  throw new Error("Broken invariant: the package.json of signalbox lies beside its code");
}
