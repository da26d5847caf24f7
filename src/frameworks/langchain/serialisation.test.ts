import { inspect } from "node:util";
import { load } from "@langchain/core/load";
import { afterEach, expect, test, vi } from "vitest";
import { ScriptedTransport } from "../../../test/support/scripted-transport.ts";
import { RoutedChatModel } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

const key = "sb-secret-of-the-test";

function modelOf() {
  return new RoutedChatModel({
    model: "support",
    url: "http://signalbox.example:8080",
    apiKey: key,
    temperature: 0.2,
    maxTokens: 100,
    stop: ["END"],
    unit: "user-42",
    labels: { team: "search" },
    headers: { authorization: `Bearer ${key}`, "x-signalbox-cache": "off" },
  });
}

test("a model that is written down and read again is the same, its key put in by whoever reads it", async () => {
  const written = JSON.stringify(modelOf());
  expect(written).not.toContain(key);
  const read = await load<RoutedChatModel>(written, {
    secretsMap: { SIGNALBOX_KEY: key },
    // LangChain types the modules that it knows; others go by the same name.
    optionalImportsMap: { "signalbox/langchain": { RoutedChatModel } },
    optionalImportEntrypoints: ["signalbox/langchain"],
  });
  expect(read).toBeInstanceOf(RoutedChatModel);
  expect(read.invocationParams()).toEqual(modelOf().invocationParams());
  expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(written));
});

test("the key is in nothing that is printed of a model, nor in what it is cached by", () => {
  const model = modelOf();
  expect(inspect(model, { depth: 20, showHidden: true })).not.toContain(key);
  expect(JSON.stringify(model._identifyingParams())).not.toContain(key);
});

test("a model without a key of its own asks for none when it is read", () => {
  expect(JSON.stringify(new RoutedChatModel({ model: "chat" }))).not.toContain("SIGNALBOX_KEY");
});

test("a model over a transport says that it cannot be written down", () => {
  const model = new RoutedChatModel({ model: "chat", transport: new ScriptedTransport({}) });
  expect(model.toJSON()).toMatchObject({ type: "not_implemented" });
});

test("address and key come from the environment where they are not given", () => {
  vi.stubEnv("SIGNALBOX_URL", "http://elsewhere.example:9000/v1/");
  expect(new RoutedChatModel({ model: "chat" })._identifyingParams()["signalbox"]).toBe(
    "http://elsewhere.example:9000",
  );
});

test("what is cached tells units, conversations and headers apart", () => {
  const parameters = ["user-1", "user-2"].map((unit) =>
    JSON.stringify(new RoutedChatModel({ model: "chat", unit })._identifyingParams()),
  );
  expect(new Set(parameters).size).toBe(2);
});

test.each(["ftp://a", "nowhere", ""])("%j is no address", (url) => {
  expect(() => new RoutedChatModel({ model: "chat", url })).toThrow(/an address such as/);
});
