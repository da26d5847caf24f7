import { readFileSync } from "node:fs";

/** A JSON file below test/vectors, e.g. `openai-chat/errors.json`. */
export function readVector(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${path}`, import.meta.url), "utf8"));
}
