import { beforeAll, describe, expect, test } from "vitest";
import { controlPlaneWorld, type World } from "#http/control-plane/control-plane.test-support.ts";
import { dataPlaneRoute, methodsOf } from "#http/data-plane/data-plane-path.ts";
import { dataPlaneEndpoints } from "./data-plane-endpoints.ts";

type Node = { readonly [key: string]: unknown };

let world: World;
let document: Node;

beforeAll(async () => {
  world = await controlPlaneWorld();
  document = (await world.app.inject("/openapi.json")).json();
});

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1 with a title, a version and a licence", () => {
    expect(document["openapi"]).toBe("3.1.0");
    expect(document["info"]).toMatchObject({
      title: "Signalbox",
      version: "0.1.0",
      license: { name: "Apache-2.0" },
    });
  });

  test("every reference leads somewhere", () => {
    const references = [...nodes(document)].flatMap(({ node }) =>
      typeof node["$ref"] === "string" ? [node["$ref"]] : [],
    );
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(resolve(reference), reference).toBeDefined();
  });

  test("every property of every schema says what it means", () => {
    const silent = [...nodes(document)]
      .flatMap(({ node, path }) => propertiesOf(node, path))
      .filter((property) => !property.described);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test("every property that holds a plain value shows one", () => {
    const bare = [...nodes(document)]
      .flatMap(({ node, path }) => propertiesOf(node, path))
      .filter((property) => !property.shown);
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  test("every parameter says what it means and has a schema", () => {
    for (const { operation, name } of operations()) {
      for (const parameter of arrayOf(operation["parameters"])) {
        expect(parameter["schema"], `${name} ${String(parameter["name"])}`).toBeDefined();
        expect(parameter["description"], `${name} ${String(parameter["name"])}`).toEqual(expect.any(String));
      }
    }
  });

  test("every placeholder of a path is a required parameter, and the reverse", () => {
    for (const { operation, path, name } of operations()) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const given = arrayOf(operation["parameters"]).filter((parameter) => parameter["in"] === "path");
      expect(
        given.map((parameter) => parameter["name"]),
        name,
      ).toEqual(wanted);
      expect(
        given.every((parameter) => parameter["required"] === true),
        name,
      ).toBe(true);
    }
  });

  test("operation ids are unique, tags are declared, every operation has an answer of 2xx", () => {
    const all = operations();
    const ids = all.map(({ operation }) => operation["operationId"]);
    expect(new Set(ids).size).toBe(ids.length);
    const declared = arrayOf(document["tags"]).map((tag) => tag["name"]);
    for (const { operation, name } of all) {
      expect(declared, name).toEqual(expect.arrayContaining(operation["tags"] as string[]));
      expect(
        Object.keys(operation["responses"] as Node).some((status) => status.startsWith("2")),
        name,
      ).toBe(true);
    }
  });

  test("security requirements name schemes that exist: bearer, x-goog-api-key, x-api-key, the admin key and a signature", () => {
    const schemes = Object.keys((document["components"] as { securitySchemes: Node }).securitySchemes);
    expect(schemes.toSorted()).toEqual([
      "adminKey",
      "anthropicApiKey",
      "bearer",
      "googApiKey",
      "webhookSignature",
    ]);
    for (const { operation } of operations()) {
      for (const requirement of arrayOf(operation["security"]))
        expect(schemes).toEqual(expect.arrayContaining(Object.keys(requirement)));
    }
  });

  test("live routes, models and chains are the enums and the examples", () => {
    const schemas = (
      document["components"] as {
        schemas: Record<string, { properties: Record<string, { enum?: string[] }> }>;
      }
    ).schemas;
    expect(schemas["ChatCompletionRequest"]?.properties["model"]?.enum).toEqual([
      "assistant",
      "gemini-3.8-flash",
      "gemini-4-argon",
    ]);
    expect(schemas["EmbeddingRequest"]?.properties["model"]?.enum).toEqual(["gemini-embedding-2"]);
    const chain = operations().find(({ path }) => path === "/v1/chains/{chain}/invoke")?.operation;
    expect(arrayOf(chain?.["parameters"])[0]).toMatchObject({ schema: { enum: ["summarise"] } });
    const chat = JSON.stringify(
      operations().find(({ path }) => path === "/v1/chat/completions")?.operation["requestBody"],
    );
    expect(chat).toContain("route-assistant");
  });

  test("follows the configuration, and is built once for each version", async () => {
    const before = await world.app.inject("/openapi.json");
    expect(
      (
        await world.app.inject({
          url: "/openapi.json",
          headers: { "if-none-match": String(before.headers["etag"]) },
        })
      ).statusCode,
    ).toBe(304);
    const previous = world.snapshot;
    world.snapshot = { ...previous, version: "v2", routes: ["assistant", "support"] };
    const after = await world.app.inject("/openapi.json");
    world.snapshot = previous;
    expect(after.headers["etag"]).not.toBe(before.headers["etag"]);
    expect(after.body).toContain('"support"');
  });

  test("says so where nothing is configured, instead of an empty enum", () => {
    const none = { version: "v0", routes: [], chatModels: [], embeddingModels: [], chains: [] };
    expect(() => dataPlaneEndpoints(none)).not.toThrow();
  });

  test("every described path of the OpenAI, Gemini and Anthropic dialects is one that the data plane serves", () => {
    for (const endpoint of dataPlaneEndpoints(world.snapshot)) {
      if (endpoint.tag === "Chains") continue;
      const path = endpoint.path.replace("{model}", "gemini-3.8-flash");
      const route = dataPlaneRoute(path, new URLSearchParams());
      expect(route && route.target.operation !== "unknown" && methodsOf(route), endpoint.path).toContain(
        endpoint.method,
      );
    }
  });

  test("every served endpoint is described, and every described control-plane path is served", async () => {
    const described = operations().filter(({ path }) => !path.startsWith("/v1") || path === "/v1/feedback");
    expect(described.map(({ name }) => name).toSorted()).toEqual(
      world.endpoints.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });
});

function operations() {
  return Object.entries(document["paths"] as Record<string, Record<string, Node>>).flatMap(
    ([path, byMethod]) =>
      Object.entries(byMethod).map(([method, operation]) => ({
        path,
        operation,
        name: `${method.toUpperCase()} ${path}`,
      })),
  );
}

function arrayOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

function* nodes(value: unknown, path = ""): Generator<{ readonly node: Node; readonly path: string }> {
  if (typeof value !== "object" || value === null) return;
  // An example is a value, not a schema, whatever its keys.
  if (/\/(examples?|enum|default)$/.test(path) && !path.includes("/properties/examples")) return;
  if (!Array.isArray(value)) yield { node: value as Node, path };
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${path}/${key}`);
}

function propertiesOf(node: Node, path: string) {
  if (node["type"] !== "object" || typeof node["properties"] !== "object" || node["properties"] === null)
    return [];
  return Object.entries(node["properties"] as Record<string, Node>).map(([name, schema]) => ({
    path: `${path}/${name}`,
    described: typeof describedSchema(schema)["description"] === "string",
    shown:
      !holdsPlainValue(schema) ||
      ["examples", "example", "const", "enum", "default"].some((key) => key in schema),
  }));
}

/** Whether a schema is a leaf: what is inside objects, arrays and alternatives shows its own examples. */
function holdsPlainValue(schema: Node): boolean {
  const inside = ["$ref", "properties", "items", "allOf", "anyOf", "oneOf", "additionalProperties"];
  return schema["type"] !== "object" && !inside.some((key) => key in schema);
}

function describedSchema(schema: Node): Node {
  if (typeof schema["description"] === "string" || typeof schema["$ref"] !== "string") return schema;
  return (resolve(schema["$ref"]) ?? {}) as Node;
}

function resolve(reference: string): unknown {
  return reference
    .replace("#/", "")
    .split("/")
    .reduce<unknown>((value, key) => (value as Node | undefined)?.[key], document);
}
