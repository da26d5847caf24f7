import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const adminKey = "the-admin-key-of-this-test";

let box: TestSignalbox;
beforeEach(async () => {
  box = await startTestSignalbox({ adminKey });
});
afterEach(() => box.close());

interface TailEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Somebody who watches. */
class Watcher {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  private constructor(response: Response, body: ReadableStream<Uint8Array>) {
    this.response = response;
    this.#reader = body.getReader();
  }

  static async start(query = "", headers: Readonly<Record<string, string>> = {}): Promise<Watcher> {
    const response = await fetch(`${box.url}/api/requests/tail${query}`, {
      headers: { authorization: `Bearer ${adminKey}`, ...headers },
    });
    if (!response.body) throw new Error("There is no body");
    return new Watcher(response, response.body);
  }

  /** The next event; `undefined` at the stream's end. */
  async next(): Promise<TailEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      const frame = this.#text.slice(0, Math.max(end, 0));
      if (end >= 0) this.#text = this.#text.slice(end + 2);
      const fields = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)$/.exec(frame);
      if (fields) {
        const [, id, event = "", data = ""] = fields;
        return { ...(id !== undefined && { id }), event, data: JSON.parse(data) };
      }
      if (end >= 0) continue;
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Asks for an answer; the id of the request. */
async function asked(model = "chat"): Promise<string> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "a planted secret" }] }),
  });
  await response.text();
  return response.headers.get("x-signalbox-request-id") ?? "";
}

describe("the live tail", () => {
  test("tells of each request as it ends, as the list does, without content", async () => {
    const watcher = await Watcher.start();
    expect(watcher.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(watcher.response.headers.get("cache-control")).toBe("no-store");
    const id = await asked();
    const event = await watcher.next();
    expect(event).toMatchObject({ id, event: "request", data: { id, route: "chat", outcome: "completed" } });
    const [listed] = await box.requests();
    expect(event?.data).toEqual(listed);
    expect(JSON.stringify(event)).not.toContain("secret");
    await watcher.leave();
  });

  test("of those that fit the filters only", async () => {
    const refused = await Watcher.start("?outcome=refused");
    const lite = await Watcher.start("?deployment=gemini-3.5-flash-lite&route=gemini-3.5-flash-lite");
    await asked("gemini-3.8-flash");
    const wrongId = await asked("no-such-model");
    const liteId = await asked("gemini-3.5-flash-lite");
    expect(await refused.next()).toMatchObject({ id: wrongId, data: { outcome: "refused", status: 404 } });
    expect(await lite.next()).toMatchObject({ id: liteId });
    await Promise.all([refused.leave(), lite.leave()]);
  });

  test("goes on behind the last event", async () => {
    const [first, second, third] = [await asked(), await asked(), await asked()];
    const watcher = await Watcher.start("", { "last-event-id": first });
    expect([await watcher.next(), await watcher.next()]).toMatchObject([{ id: second }, { id: third }]);
    await watcher.leave();
    const lost = await Watcher.start("", { "last-event-id": "019a5f3c-7d2e-7c41-9b3a-5e8f0c6d2a17" });
    expect(await lost.next()).toEqual({ event: "dropped", data: { count: null } });
    await lost.leave();
  });

  test("ends when Signalbox stops, without holding it up", async () => {
    const watcher = await Watcher.start();
    const startedMs = performance.now();
    const [event] = await Promise.all([watcher.next(), box.close()]);
    expect(event).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(900);
    box = await startTestSignalbox({ adminKey });
  });

  test("frees the place of a watcher whose connection breaks", async () => {
    const { hostname, port } = new URL(box.url);
    for (let round = 0; round < 3; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: 32 }, async () => {
          const socket = connect(Number(port), hostname);
          socket.write(
            `GET /api/requests/tail HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${adminKey}\r\n\r\n`,
          );
          const [head] = await new Promise<string[]>((resolve) =>
            socket.once("data", (data) => resolve([String(data)])),
          );
          expect(head).toMatch(/^HTTP\/1\.1 200/);
          return socket;
        }),
      );
      const tooMany = await Watcher.start();
      expect(tooMany.response.status).toBe(503);
      expect(tooMany.response.headers.get("retry-after")).toBe("5");
      for (const socket of sockets) socket.destroy();
      await box.eventually(async () => {
        const watcher = await Watcher.start();
        await watcher.leave();
        return watcher.response.status === 200;
      });
      // The places of all are free, not only one.
      await box.eventually(async () => {
        const watchers = await Promise.all(Array.from({ length: 32 }, () => Watcher.start()));
        await Promise.all(watchers.map((watcher) => watcher.leave()));
        return watchers.every(({ response }) => response.status === 200);
      });
      await box.eventually(async () => {
        const watcher = await Watcher.start();
        await watcher.leave();
        return watcher.response.status === 200;
      });
    }
  });

  test("a watcher that does not read loses events, not the requests of others", async () => {
    const { hostname, port } = new URL(box.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /api/requests/tail HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${adminKey}\r\n\r\n`,
    );
    socket.pause();
    const quick = await Watcher.start();
    const ids = new Set(await Promise.all(Array.from({ length: 60 }, () => asked())));
    for (let count = 0; count < 60; count += 1) expect(ids.delete((await quick.next())?.id ?? "")).toBe(true);
    socket.destroy();
    await quick.leave();
  });

  test.each([
    ["?colour=red", {}, 400],
    ["?outcome=lost", {}, 400],
    ["?route=%00", {}, 400],
    ["", { "last-event-id": "first" }, 400],
    ["", { authorization: "Bearer wrong" }, 401],
  ])("%s %o is refused with %i", async (query, headers, status) => {
    const watcher = await Watcher.start(query, headers);
    expect(watcher.response.status).toBe(status);
    expect(watcher.response.headers.get("content-type")).toContain("application/problem+json");
    await watcher.leave();
  });
});
