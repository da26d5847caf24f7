import { connect, type Socket } from "node:net";
import type { ServerResponse } from "node:http";
import { Agent, request } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import type { Timers } from "#core/kernel/timers.ts";
import { createHttpServer, type HttpServer } from "./server.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
});

/** Timers that fire when told. */
function manualTimers() {
  const callbacks = new Set<() => void>();
  const timers: Timers = {
    after(_delayMs, callback) {
      callbacks.add(callback);
      return { restart: () => undefined, cancel: () => void callbacks.delete(callback) };
    },
  };
  return { timers, fire: () => [...callbacks].forEach((callback) => callback()) };
}

/** A server whose data plane answers `/held` when the test says so, `/data` at once, and `/mute` never. */
async function start(timers?: Timers, open = false) {
  const held: ServerResponse[] = [];
  const waiting: ((response: ServerResponse) => void)[] = [];
  const server = createHttpServer({
    dataPlane: (incoming, response) => {
      if (incoming.url === "/data") response.end("data");
      else if (incoming.url === "/held") {
        response.write("first ");
        const waiter = waiting.shift();
        if (waiter) waiter(response);
        else held.push(response);
      } else return incoming.url === "/mute";
      return true;
    },
    controlPlane: (_incoming, response) => response.end("control"),
    open: () => open,
    // Deadlines of zero fire at once unless the test holds them.
    timers: timers ?? {
      after: (_ms, callback) => ({ restart: () => undefined, cancel: clearOn(setImmediate(callback)) }),
    },
  });
  servers.push(server);
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  const nextHeld = () =>
    new Promise<ServerResponse>((resolve) => {
      const response = held.shift();
      if (response) resolve(response);
      else waiting.push(resolve);
    });
  return { server, port, origin: `http://127.0.0.1:${port}`, nextHeld };
}

function clearOn(immediate: NodeJS.Immediate) {
  return () => clearImmediate(immediate);
}

/** Sends raw bytes, more when something came back, and reads until the server closes. */
function raw(port: number, bytes: string, more?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => (text += chunk.toString()));
    if (more !== undefined) socket.once("data", () => socket.write(more));
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}

describe("one listener", () => {
  test("gives the data plane what it takes, and the control plane the rest", async () => {
    const { origin } = await start();
    expect(await (await request(`${origin}/data`)).body.text()).toBe("data");
    expect(await (await request(`${origin}/api`)).body.text()).toBe("control");
  });

  test("serves a request that was sent ahead when the answer before its own is done", async () => {
    const { server, port, nextHeld } = await start();
    const [first, second] = ["/held", "/data"].map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n`);
    const answers = raw(port, `${first}\r\n${second}connection: close\r\n\r\n`);
    const held = await nextHeld();
    expect(server.inFlight).toBe(1);
    held.end("last");
    expect(await answers).toMatch(/first .*last.*data/s);
  });

  test("keeps idle connections longer than load balancers do", async () => {
    const { origin } = await start();
    const { headers } = await request(`${origin}/data`);
    const seconds = Number(/timeout=(\d+)/.exec(String(headers["keep-alive"]))?.[1]);
    expect(seconds).toBeGreaterThanOrEqual(65);
  });

  test("says what is wrong with an address in use", async () => {
    const { port } = await start();
    const other = createHttpServer({
      dataPlane: () => false,
      controlPlane: () => undefined,
      open: () => false,
      timers: manualTimers().timers,
    });
    await expect(other.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`Cannot listen on "127.0.0.1:${port}": a free port is wanted`),
    });
  });

  test.each([
    ["another host", { host: "evil.example" }],
    ["another page", { origin: "https://evil.example" }],
  ])("while no key is needed, refuses on both planes what comes by way of %s", async (_name, headers) => {
    const { origin } = await start(undefined, true);
    for (const path of ["/data", "/api"]) {
      const { statusCode, body } = await request(origin + path, { headers });
      expect(statusCode).toBe(403);
      expect(await body.json()).toMatchObject({ title: "Forbidden", status: 403 });
    }
    expect((await request(`${origin}/data`)).statusCode).toBe(200);
  });

  test("where keys are needed, any host and page may call", async () => {
    const { origin } = await start();
    const headers = { host: "proxy.example", origin: "https://app.example" };
    expect((await request(`${origin}/data`, { headers })).statusCode).toBe(200);
  });
});

describe("requests that cannot be read", () => {
  test("what is no HTTP gets 400 and nothing of it back", async () => {
    const { port } = await start();
    const answer = await raw(port, "my secret words\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain("application/problem+json");
    expect(answer).not.toContain("secret");
  });

  test("headers over the limit get 431", async () => {
    const { port } = await start();
    const answer = await raw(port, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  test("what follows an answer under way breaks the connection, and nothing is written into the answer", async () => {
    const { port } = await start();
    const answer = await raw(port, "GET /held HTTP/1.1\r\nhost: x\r\n\r\n", "my secret words\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*first \r\n$/);
    expect(answer).not.toContain("400");
  });

  test("what follows a request whose answer has not begun gets none in its place", async () => {
    const { port } = await start();
    expect(await raw(port, "GET /mute HTTP/1.1\r\nhost: x\r\n\r\nmy secret words\r\n\r\n")).toBe("");
  });

  test("the server serves on afterwards", async () => {
    const { port, origin } = await start();
    await raw(port, "\0\x01\x02\r\n\r\n");
    expect((await request(`${origin}/data`)).statusCode).toBe(200);
  });
});

describe("closing", () => {
  test("a stream in flight finishes, then the server is closed", async () => {
    const { server, origin, nextHeld } = await start(manualTimers().timers);
    const answer = request(`${origin}/held`);
    const held = await nextHeld();
    expect(server.inFlight).toBe(1);
    const closed = server.close(10_000);
    expect(server.accepting).toBe(false);
    held.end("last");
    expect(await (await answer).body.text()).toBe("first last");
    expect(await closed).toEqual({ finished: 1, cut: 0 });
  });

  test("an idle keep-alive connection is closed at once", async () => {
    const agent = new Agent();
    const { server, origin } = await start(manualTimers().timers);
    await (await request(`${origin}/data`, { dispatcher: agent })).body.text();
    expect(await server.close(10_000)).toEqual({ finished: 0, cut: 0 });
    await agent.close();
  });

  test("new connections are refused while a stream still runs", async () => {
    const { server, origin, nextHeld } = await start(manualTimers().timers);
    const answer = request(`${origin}/held`);
    const held = await nextHeld();
    const closed = server.close(10_000);
    await expect(request(`${origin}/data`, { dispatcher: new Agent() })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    held.end();
    await (await answer).body.text();
    await closed;
  });

  test("what the deadline finds is destroyed and counted", async () => {
    const { timers, fire } = manualTimers();
    const { server, origin, nextHeld } = await start(timers);
    const answer = request(`${origin}/held`).then(({ body }) => body.text());
    const cutOff = expect(answer).rejects.toThrow();
    await nextHeld();
    const closed = server.close(10_000);
    fire();
    await cutOff;
    expect(await closed).toEqual({ finished: 0, cut: 1 });
  });

  test("a second call waits for the first", async () => {
    const { server } = await start();
    expect(server.close(5)).toBe(server.close(5));
  });
});
