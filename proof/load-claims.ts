import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { Claim } from "./claim.ts";

/** Loads the claims of a folder, in the order of their file names. Throws where a file holds none under its own name. */
export async function loadClaims(folder: string): Promise<readonly Claim[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  return Promise.all(names.toSorted().map((name) => loadClaim(folder, name)));
}

async function loadClaim(folder: string, name: string): Promise<Claim> {
  const loaded: unknown = await import(new URL(name, `${pathToFileURL(folder).href}/`).href);
  const claim = isObject(loaded) ? loaded["claim"] : undefined;
  if (!isClaim(claim) || claim.id !== basename(name, ".ts")) {
    throw new Error(`Cannot load proof "${name}": it must export a claim with its own name as id`);
  }
  return claim;
}

function isClaim(value: unknown): value is Claim {
  if (!isObject(value) || typeof value["run"] !== "function") return false;
  return ["id", "title", "wanted"].every((key) => typeof value[key] === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
