import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NodeClient } from "#http/data-plane/node-client.ts";

const stalledMsMax = 50;
const megabyte = "x".repeat(1024 * 1024);

let server: ReturnType<typeof createServer>;
let nextResponse: Promise<ServerResponse>;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  server = createServer();
  nextResponse = new Promise((resolve) => server.on("request", (_request, response) => resolve(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** A client that has sent a request, with what it has received, and our end of it. */
async function connected(options: { readonly reads: boolean; readonly version?: string }) {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  let text = "";
  if (options.reads) socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.write(`GET / HTTP/${options.version ?? "1.1"}\r\nhost: x\r\n\r\n`);
  const response = await nextResponse;
  const closed = new Promise<void>((resolve) => response.once("close", () => resolve()));
  const left = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  return { socket, response, client: new NodeClient(response, { stalledMsMax }), closed, left };
}

/** The body that a client gets. */
async function received(answer: (client: NodeClient) => void): Promise<Buffer> {
  const { port } = server.address() as AddressInfo;
  server.once("request", (_request, response) => answer(new NodeClient(response)));
  const reply = await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, resolve));
  const chunks: Buffer[] = [];
  reply.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => reply.once("end", resolve));
  return Buffer.concat(chunks);
}

/** Writes until the system takes no more, which it does once its own buffers are full. */
async function congest(client: NodeClient): Promise<void> {
  for (let written = 0; written < 64 && !client.congested; written++) {
    client.write(megabyte);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe("a client that reads", () => {
  test("gets what is written at once, and a whole end", async () => {
    const { socket, client } = await connected({ reads: true });
    const firstBytes = new Promise<string>((resolve) =>
      socket.once("data", (chunk) => resolve(chunk.toString())),
    );
    client.start(200, { "content-type": "text/plain" });
    client.write("one");
    expect(await firstBytes).toContain("one");
    const lastBytes = new Promise<string>((resolve) =>
      socket.once("data", (chunk) => resolve(chunk.toString())),
    );
    client.end("two");
    expect(await lastBytes).toMatch(/two\r\n0\r\n\r\n$/);
  });

  test.each([
    ["ASCII", "abc"],
    ["letters of several bytes", "é漢🛰️"],
    ["half a letter, which becomes a replacement character", "a\ud800"],
    ["a long text in ASCII", "a".repeat(20_000)],
    ["a text whose bytes alone are many", "漢".repeat(10_000)],
    ["a long text of other letters", "é".repeat(20_000)],
  ])("gets %s in UTF-8, as text and as bytes, in pieces and whole", async (_name, text) => {
    const bytes = Buffer.from(text, "utf8");
    for (const data of [text, bytes]) {
      const pieces = await received((client) => {
        client.start(200, {});
        client.write(data);
        client.end(data);
      });
      expect(pieces).toEqual(Buffer.concat([bytes, bytes]));
      const whole = await received((client) => {
        client.start(200, { "content-length": String(bytes.length) });
        client.end(data);
      });
      expect(whole).toEqual(bytes);
    }
  });

  test("gets each piece in a chunk of its own size, and no chunk for nothing", async () => {
    const { client, left } = await connected({ reads: true });
    client.start(200, { connection: "close" });
    client.write("é");
    client.write("");
    client.write(new Uint8Array());
    client.write("x".repeat(17));
    client.end();
    expect(await left).toMatch(/\r\n\r\n2\r\né\r\n11\r\nx{17}\r\n0\r\n\r\n$/);
  });

  test("gets what is told behind the answer, which its head has announced", async () => {
    const { client, left } = await connected({ reads: true });
    client.start(200, { connection: "close", trailer: "x-more" });
    client.write("one");
    client.end("é".repeat(10_000), { "x-more": "so" });
    expect(await left).toMatch(/é\r\n0\r\nx-more: so\r\n\r\n$/);
  });

  test("and knows no chunks, gets the bytes alone, and the end of the connection behind them", async () => {
    const { client, left } = await connected({ reads: true, version: "1.0" });
    client.start(200, {});
    client.write("one");
    client.end("two");
    expect(await left).toMatch(/\r\n\r\nonetwo$/);
  });

  test.each(["last words", ""])(
    'broken off with "%s", gets all that was sent and never an end',
    async (words) => {
      const { client, left } = await connected({ reads: true });
      client.start(200, {});
      client.write("begun ");
      client.breakOff(words);
      const text = await left;
      expect(text).toContain("begun ");
      expect(text).toContain(words);
      expect(text).not.toContain("\r\n0\r\n");
    },
  );

  test("slowly, drains and goes on", async () => {
    const { socket, client } = await connected({ reads: false });
    client.start(200, {});
    await congest(client);
    expect(client.congested).toBe(true);
    const writable = new Promise<void>((resolve) => client.whenWritable(resolve));
    socket.resume();
    await writable;
    expect(client.congested).toBe(false);
  });
});

describe("a client that reads nothing", () => {
  test("in the middle of an answer is cut off, and that counts as its going away", async () => {
    const { client, closed } = await connected({ reads: false });
    const gone = new Promise<void>((resolve) => client.whenClosed(resolve));
    client.start(200, {});
    await congest(client);
    await closed;
    await gone;
    expect(client.closed).toBe(true);
  });

  test.each([
    ["ended", (client: NodeClient) => client.end(megabyte)],
    ["broken off", (client: NodeClient) => client.breakOff(megabyte)],
  ])("of an answer that is %s is cut off, too", async (_name, finish) => {
    const { client, closed } = await connected({ reads: false });
    client.start(200, {});
    await congest(client);
    finish(client);
    await closed;
  });
});

describe("a client that goes away", () => {
  test("is noticed, and nothing that follows fails", async () => {
    const { socket, client } = await connected({ reads: true });
    const gone = new Promise<void>((resolve) => client.whenClosed(resolve));
    socket.destroy();
    await gone;
    client.start(200, {});
    client.write("nobody reads this");
    client.breakOff("nor this");
    client.end();
    expect(client.closed).toBe(true);
  });

  test("after the answer's end did not go away", async () => {
    const { socket, client, closed } = await connected({ reads: true });
    client.whenClosed(() => expect.unreachable("the answer was whole"));
    client.start(200, {});
    client.end("whole");
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await closed;
    expect(client.closed).toBe(false);
  });
});

test("a connection that stalled no more is kept for the next request", async () => {
  const { socket, response, client } = await connected({ reads: false });
  client.start(200, {});
  await congest(client);
  client.end();
  const finished = new Promise<void>((resolve) => response.once("finish", () => resolve()));
  socket.resume();
  await finished;
  expect(response.req.socket.timeout).toBeGreaterThanOrEqual(server.keepAliveTimeout);
});
