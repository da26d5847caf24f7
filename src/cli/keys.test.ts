import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey, listKeys, revokeKey } from "#cli/keys.ts";
import type { Output } from "#cli/output.ts";
import { startTestSignalbox, type TestSignalbox } from "../../test/support/test-signalbox.ts";

const adminKey = "administrator-of-a-test";
let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ adminKey });
});
afterAll(() => box.close());

/** An output that remembers what was said. */
function remembered() {
  const said = { json: undefined as unknown, lines: [] as readonly string[] };
  const output: Output = {
    result: ({ json, lines }) => Object.assign(said, { json, lines }),
    note: () => undefined,
  };
  return { said, output };
}

test("a key that is made works, is listed without itself, and works no more when it is revoked", async () => {
  const server = { url: box.url, apiKey: adminKey };
  const made = remembered();
  await createKey(server, "search", made.output);
  const [heading, key = ""] = made.said.lines;
  expect(heading).toMatch(/^Key key_\w+ for "search"/);
  const models = () => fetch(`${box.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  expect((await models()).status).toBe(200);
  const listed = remembered();
  await listKeys(server, listed.output);
  expect(listed.said.lines).toEqual([expect.stringMatching(/^key_\w+ .* valid +search$/)]);
  expect(JSON.stringify(listed.said)).not.toContain(key);
  const [id = ""] = listed.said.lines[0]?.split(" ") ?? [];
  await revokeKey(server, id, remembered().output);
  expect((await models()).status).toBe(401);
});
