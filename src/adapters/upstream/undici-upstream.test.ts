import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import type { UpstreamCall, UpstreamHandle } from "#adapters/upstream/upstream-port.ts";

let server: Server;
let upstream: UndiciUpstream;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let url: string;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`;
  upstream = new UndiciUpstream();
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

/** A call with everything its listener heard. */
function send(call: Partial<UpstreamCall> = {}) {
  const heard: unknown[] = [];
  let text = "";
  let sent = 0;
  let handle: UpstreamHandle | undefined;
  const over = new Promise<void>((resolve) => {
    handle = upstream.send(
      { url, headers: { "x-key": "k" }, body: "body", privateNetwork: true, ...call },
      {
        sent: () => (sent += 1),
        started: (status, headers) => void heard.push(["started", status, headers["x-answer"]]),
        data: (chunk) => (text += Buffer.from(chunk).toString()),
        ended: () => resolve(void heard.push("ended")),
        failed: (kind, message) => resolve(void heard.push(["failed", kind, message])),
      },
    );
  });
  if (!handle) throw new Error("A call has a handle at once");
  return { heard, over, handle, text: () => text, sent: () => sent };
}

describe("a call", () => {
  test("carries its path, headers and body, and brings back status, headers and bytes", async () => {
    let seen = "";
    answer = (request, response) => {
      seen = `${request.method} ${request.url} ${request.headers["x-key"]} `;
      request.on("data", (chunk: Buffer) => (seen += chunk.toString()));
      request.on("end", () => response.writeHead(201, { "x-answer": ["a", "b"] }).end("whole"));
    };
    const { over, heard, text, sent } = send();
    await over;
    expect(seen).toBe("POST /path?query=1 k body");
    expect(heard).toEqual([["started", 201, "a, b"], "ended"]);
    expect(sent()).toBe(1);
    expect(text()).toBe("whole");
  });

  test.each([
    ["DELETE", ""],
    ["PATCH", "changed"],
  ] as const)("of the method %s goes out as one, with the body %j", async (method, body) => {
    let seen = "";
    answer = (request, response) => {
      seen = `${request.method} ${request.headers["content-length"] ?? "none"} `;
      request.on("data", (chunk: Buffer) => (seen += chunk.toString()));
      request.on("end", () => response.end());
    };
    await send({ method, body }).over;
    expect(seen).toBe(method === "DELETE" ? "DELETE none " : "PATCH 7 changed");
  });

  test.each([
    ["few", ["one", "", "two"]],
    ["many", ["a".repeat(100_000), "model", "b".repeat(3_000_000)]],
  ])("goes out as one body when it comes in pieces of %s bytes", async (_name, pieces) => {
    let seen = "";
    let length: string | undefined;
    answer = (request, response) => {
      length = request.headers["content-length"];
      request.on("data", (chunk: Buffer) => (seen += chunk.toString()));
      request.on("end", () => response.end());
    };
    const { over, heard } = send({ body: pieces.map((piece) => Buffer.from(piece)) });
    await over;
    expect(heard.at(-1)).toBe("ended");
    expect(length).toBe(String(pieces.join("").length));
    expect(seen).toBe(pieces.join(""));
  });

  test("follows no redirect: it is an answer like any other", async () => {
    let calls = 0;
    answer = (_request, response) => {
      calls++;
      response.writeHead(302, { location: "/elsewhere" }).end();
    };
    const { over, heard } = send();
    await over;
    expect(heard).toEqual([["started", 302, undefined], "ended"]);
    expect(calls).toBe(1);
  });

  test("does not hear of provisional answers", async () => {
    answer = (_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</x>; rel=preload" });
      response.end("whole");
    };
    const { over, heard } = send();
    await over;
    expect(heard).toEqual([["started", 200, undefined], "ended"]);
  });

  test("fails as a reset when the connection breaks, before the headers or behind them", async () => {
    answer = (_request, response) => void response.socket?.resetAndDestroy();
    const early = send();
    await early.over;
    expect(early.heard).toEqual([["failed", "reset", expect.any(String)]]);
    answer = (_request, response) => void response.write("half", () => response.socket?.destroy());
    const late = send();
    await late.over;
    expect(late.heard).toEqual([
      ["started", 200, undefined],
      ["failed", "reset", expect.any(String)],
    ]);
  });

  test("fails to connect where nobody listens", async () => {
    server.close();
    const { over, heard } = send();
    await over;
    expect(heard).toEqual([["failed", "connect", "ECONNREFUSED"]]);
  });

  test("fails to connect to a private address that it may not reach", async () => {
    answer = () => expect.unreachable("nothing may be sent");
    const { over, heard } = send({ privateNetwork: false });
    await over;
    expect(heard).toEqual([["failed", "connect", "PRIVATE_ADDRESS"]]);
  });

  test("fails, and does not throw, on headers that cannot be sent", async () => {
    const { over, heard } = send({ headers: { "x-key": "two\nlines" } });
    await over;
    expect(heard).toEqual([["failed", "connect", expect.not.stringContaining("lines")]]);
  });

  test("fails when the headers of the answer are too large", async () => {
    answer = (_request, response) => response.writeHead(200, { "x-answer": "x".repeat(40_000) }).end();
    const { over, heard } = send();
    await over;
    expect(heard).toEqual([["failed", "reset", "UND_ERR_HEADERS_OVERFLOW"]]);
  });
});

describe("a call that is aborted", () => {
  test("under way closes its connection, and nothing more is heard", async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        response.write("half");
        response.once("close", () => resolve());
      };
    });
    const { handle, heard } = send();
    await expect.poll(() => heard).toHaveLength(1);
    handle.abort();
    await closed;
    expect(heard).toEqual([["started", 200, undefined]]);
  });

  test("at once is never sent", async () => {
    let calls = 0;
    answer = (_request, response) => {
      calls++;
      response.end();
    };
    const aborted = send();
    aborted.handle.abort();
    await send().over;
    expect(calls).toBe(1);
    expect(aborted.heard).toEqual([]);
  });
});

test("a call that is paused makes its provider wait, and goes on when resumed", async () => {
  const megabyte = Buffer.alloc(1024 * 1024, "x");
  let isHeldUp = false;
  answer = (_request, response) => {
    let written = 0;
    const more = (): void => {
      while (written < 64) {
        written++;
        if (!response.write(megabyte)) {
          isHeldUp = true;
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  };
  const { handle, over, heard, text } = send();
  await expect.poll(() => heard).toHaveLength(1);
  handle.pause();
  await expect.poll(() => isHeldUp).toBe(true);
  expect(text().length).toBeLessThan(64 * megabyte.length);
  handle.resume();
  await over;
  expect(text()).toHaveLength(64 * megabyte.length);
});
