import { expect, test } from "vitest";
import { startTokenServer } from "../../../test/support/token-server.ts";
import { googleTokens } from "./google-tokens.ts";

const project = "test-project";

test.each(["serviceAccountFile", "authorizedUserFile"] as const)(
  "a %s gives tokens with their end",
  async (file) => {
    await using server = await startTokenServer();
    const source = await googleTokens({ credentialsFile: server[file], project });
    const before = Date.now();
    const { token, expiresAtMs } = await source.fetch();
    expect(token.reveal()).toBe(server.tokens[0]);
    expect(expiresAtMs).toBeGreaterThanOrEqual(before + 3_600_000 - 1_000);
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(server.grants).toEqual([file === "serviceAccountFile" ? "service-account" : "authorized-user"]);
  },
);

test.each(["serviceAccountFile", "authorizedUserFile"] as const)(
  "a %s's token near its end is not given again, one far from it is",
  async (file) => {
    await using server = await startTokenServer();
    const source = await googleTokens({ credentialsFile: server[file], project });
    await source.fetch();
    await source.fetch();
    expect(server.tokens).toHaveLength(1);
    server.lifetimeSeconds = 300;
    const short = await googleTokens({ credentialsFile: server[file], project });
    await short.fetch();
    expect((await short.fetch()).token.reveal()).toBe(server.tokens.at(-1));
    expect(server.tokens).toHaveLength(3);
  },
);

test("a refusal names its reason and holds no secret", async () => {
  await using server = await startTokenServer();
  const source = await googleTokens({ credentialsFile: server.serviceAccountFile, project });
  server.trouble = 400;
  const error = await source.fetch().then(
    () => expect.unreachable("a token came"),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: "upstream-failed", retryable: true });
  const shown = `${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? String(error.cause) : ""}`;
  expect(shown).toContain("Cannot get a token from Google: temporarily_unavailable");
  for (const secret of server.secrets) expect(shown).not.toContain(secret);
});

test.each([
  ["{}", "a service account's or an authorized user's JSON is wanted, wrong: type"],
  ['{"type":"service_account","client_email":"a@b"}', "wrong: private_key"],
  ['{"private_key": "secret', "JSON is wanted, something else"],
])("a file of %s is refused in words that hold nothing of it", async (text, words) => {
  await using server = await startTokenServer();
  const { writeFileSync } = await import("node:fs");
  writeFileSync(server.serviceAccountFile, text);
  await expect(googleTokens({ credentialsFile: server.serviceAccountFile, project })).rejects.toThrow(words);
});

test("a file that is not there is refused with its path", async () => {
  await expect(googleTokens({ credentialsFile: "/no/such.json", project })).rejects.toThrow(
    'Cannot read credentials "/no/such.json": a readable file is wanted, ENOENT',
  );
});
