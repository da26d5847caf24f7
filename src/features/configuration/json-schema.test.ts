import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import { problemText } from "./index.ts";
import { configurationJsonSchema } from "./json-schema.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { readConfigurationFile } from "./read-configuration-file.ts";

const repository = new URL("../../../", import.meta.url);

test("docs/signalbox.schema.json is up to date (else: node tools/write-config-schema.ts)", async () => {
  const text = await readFile(new URL("docs/signalbox.schema.json", repository), "utf8");
  expect(JSON.parse(text)).toEqual(configurationJsonSchema());
});

test("every key of the schema is described, and every value that a person writes has an example", () => {
  const undescribed: string[] = [];
  walk(configurationJsonSchema(), "", (schema, path) => {
    // Described where it refers to.
    if ("$ref" in schema) return;
    if (typeof schema["description"] !== "string") undescribed.push(`${path}: description`);
    const isContainer = "properties" in schema || "anyOf" in schema || "additionalProperties" in schema;
    if (!isContainer && !Array.isArray(schema["examples"])) undescribed.push(`${path}: example`);
  });
  expect(undescribed).toEqual([]);
});

describe("the repository's signalbox.yaml", () => {
  const file = new URL("signalbox.yaml", repository).pathname;

  test.each([
    ["without a key it is emulated", {}, true],
    ["with a key it is real", { GEMINI_API_KEY: "key" }, false],
  ])("loads: %s", async (_what, variables: Readonly<Record<string, string>>, emulated) => {
    const loaded = loadConfiguration(await readConfigurationFile(file), (name) => variables[name], {
      chains: ["summarise"],
    });
    if (!loaded.ok) expect.unreachable(loaded.error.map((one) => problemText(one, file)).join("\n"));
    const { configuration } = loaded.value;
    expect([...configuration.routes.keys()]).toEqual(["chat", "support", "classify"]);
    expect(configuration.providers.get("google")?.emulated).toBe(emulated);
  });
});

/** Visits the schema of every named key. */
function walk(
  schema: Json,
  path: string,
  visit: (schema: Readonly<Record<string, unknown>>, path: string) => void,
) {
  if (Array.isArray(schema)) {
    for (const one of schema) walk(one, path, visit);
    return;
  }
  if (!isJsonObject(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if ((key === "properties" || key === "$defs") && isJsonObject(value)) {
      for (const [name, property] of Object.entries(value)) {
        // Any JSON value, in the words of the library.
        if (name.startsWith("__")) continue;
        if (isJsonObject(property)) visit(property, `${path}.${name}`);
        walk(property ?? null, `${path}.${name}`, visit);
      }
    } else if (key === "anyOf" || key === "items" || key === "additionalProperties") walk(value, path, visit);
  }
}
