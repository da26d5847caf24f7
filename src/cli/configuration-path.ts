import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Environment } from "#environment/environment.ts";

/** The file that is named, else the one in the working directory, else the one that comes with Signalbox. */
export function configurationPath({ configurationFile }: Pick<Environment, "configurationFile">): string {
  if (configurationFile !== undefined) return configurationFile;
  if (existsSync("signalbox.yaml")) return "signalbox.yaml";
  const places = ["../../signalbox.yaml", "../../../signalbox.yaml"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return places.find((place) => existsSync(place)) ?? "signalbox.yaml";
}
