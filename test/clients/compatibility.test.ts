import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { clientSets, packagesOf } from "./client-sets.ts";
import { clients } from "./clients.ts";
import { compatibilityDocument, compatibilityFiles, triedClients } from "./compatibility-document.ts";
import { triedSet } from "./tried-client.ts";

const kept = triedClients.parse(JSON.parse(readFileSync(compatibilityFiles.results, "utf8")));

describe("docs/compatibility.md", () => {
  test("is made from what the last run kept", () => {
    expect(readFileSync(compatibilityFiles.document, "utf8")).toBe(compatibilityDocument(kept));
  });

  test("tells of every client, in the versions that the sets have now", () => {
    expect(new Set(kept.map(({ client }) => client))).toEqual(new Set(clients.map(({ name }) => name)));
    for (const { set, versions } of kept) {
      const folder = clientSets.find(({ name }) => name === set)?.folder ?? "no such set";
      expect(packagesOf({ folder })).toMatchObject(versions);
    }
  });
});

describe.each(clientSets.filter(({ folder }) => folder !== "."))("the set $name", ({ folder }) => {
  test("asks for exact versions", () => {
    for (const version of Object.values(packagesOf({ folder }))) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("has a lock file that names no registry", () => {
    expect(readFileSync(join(root, folder, "package-lock.json"), "utf8")).not.toContain('"resolved"');
  });
});

describe("what vitest told of a set", () => {
  const set = {
    name: "oldest",
    folder: ".",
    age: "oldest",
    suites: ["test/conformance/ai-sdk.test.ts"],
  } as const;
  const result = (fullName: string, status: string) => ({
    name: "/somewhere/ai-sdk.test.ts",
    message: "",
    assertionResults: [
      { fullName, status, failureMessages: status === "passed" ? [] : ["Broken\nat line 1"] },
    ],
  });
  const known = "@ai-sdk/google chat gets structured output";

  test("a fact that does not hold is a failure, and so is one that was skipped", () => {
    const text = "@ai-sdk/google chat gets a stream";
    expect(triedSet(set, [result(text, "failed")]).failures).toEqual([`oldest: ${text}: Broken`]);
    expect(triedSet(set, [result(text, "skipped")]).failures).toHaveLength(1);
    expect(triedSet(set, [result(text, "passed")])).toMatchObject({ passed: 1, failures: [] });
  });

  test("a known difference is no failure, until it holds", () => {
    const tried = triedSet(set, [result(known, "failed")]);
    expect(tried.failures).toEqual([]);
    expect(tried.clients[0]).toMatchObject({ held: 0, facts: 1, differences: [{ fact: known }] });
    expect(triedSet(set, [result(known, "passed")]).failures[0]).toContain("holds now");
  });

  test("a suite that did not run is a failure", () => {
    expect(triedSet(set, []).failures).toEqual(["oldest: ai-sdk.test.ts told no fact"]);
  });
});
