import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardedConnector, guardedLookup } from "#adapters/upstream/guarded-connector.ts";

let server: Server;
const connections: Socket[] = [];
beforeAll(async () => {
  server = createServer((socket) => void connections.push(socket)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
});
afterAll(() => server.close());

/** The code of the error a connection ends with. */
function codeOf(hostname: string): Promise<string | undefined> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    guardedConnector({ timeout: 2_000 })(
      { hostname, host: `${hostname}:${port}`, protocol: "http:", port: String(port) },
      (error, socket) => {
        socket?.destroy();
        resolve(error === null ? undefined : (error as NodeJS.ErrnoException).code);
      },
    );
  });
}

describe("a provider that may not be private", () => {
  test.each([
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "0.0.0.0",
  ])("is not reached at the address %s", async (hostname) => {
    expect(await codeOf(hostname)).toBe("PRIVATE_ADDRESS");
  });

  test("is not reached under a name that resolves to a private address", async () => {
    expect(await codeOf("localhost")).toBe("PRIVATE_ADDRESS");
  });

  test("has been sent nothing", () => {
    expect(connections).toEqual([]);
  });
});

describe("the lookup", () => {
  test.each([true, false])("refuses a private address, all asked for: %s", async (all) => {
    const error = await new Promise((resolve) => guardedLookup("localhost", { all }, resolve));
    expect(error).toMatchObject({
      code: "PRIVATE_ADDRESS",
      message: expect.stringContaining("set private_network: true on the provider"),
    });
  });

  test("tells of a name that is not known as the system does", async () => {
    const error = await new Promise((resolve) => guardedLookup("nowhere.invalid", {}, resolve));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
  });

  test.each([
    [true, [[{ address: "8.8.8.8", family: 4 }]]],
    [false, ["8.8.8.8", 4]],
  ])("answers a public address in the shape it was asked for, all: %s", async (all, expected) => {
    // A literal resolves to itself without any name server.
    const answer = await new Promise((resolve) =>
      guardedLookup("8.8.8.8", { all }, (...answered) => resolve(answered)),
    );
    expect(answer).toEqual([null, ...expected]);
  });
});
