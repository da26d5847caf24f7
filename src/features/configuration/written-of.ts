import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { readYaml } from "./yaml-source.ts";

/** What is written in a text, as plain data; empty for one that is no YAML any more. Says nothing of whether it loads. */
export function writtenOf(text: string): JsonObject {
  const source = readYaml(text);
  return source.ok ? asJson(source.value.value) : {};
}

/** YAML's plain data as JSON: a copy, so that nothing shared by an anchor is left. An empty file is an empty map. */
export function asJson(value: unknown): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(value ?? null));
  return isJsonObject(copy) ? copy : {};
}
