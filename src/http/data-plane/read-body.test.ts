import { createServer, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { ByteBudget } from "#http/data-plane/byte-budget.ts";
import { readBody } from "#http/data-plane/read-body.ts";

let budget: ByteBudget;
let bodies: Promise<Buffer>[];
let seen: (request: IncomingMessage) => void;
let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  bodies = [];
  budget = new ByteBudget(1_000);
  server = createServer((request, response) => {
    const body = readBody(request, budget.lease(), 10);
    bodies.push(body);
    const answer = (): void => void response.end();
    body.then(answer, answer);
    seen(request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Begins a request, and answers it with the outcome of reading its body. */
function send(
  headers: Record<string, string>,
  act: (client: ClientRequest) => void,
): Promise<Buffer | AppError> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const client = httpRequest({ port, host: "127.0.0.1", method: "POST", headers });
    // The server may be gone before all is sent.
    client.on("error", () => undefined);
    seen = () => {
      bodies[0]?.then(resolve, (error: unknown) =>
        error instanceof AppError ? resolve(error) : reject(error),
      );
    };
    act(client);
  });
}

describe("a request's body", () => {
  test("is read whole, in one piece or several", async () => {
    const body = await send({}, (client) => {
      client.write("12345");
      client.end("67890");
    });
    expect(String(body)).toBe("1234567890");
  });

  test("is empty when there is none", async () => {
    expect(await send({}, (client) => client.end())).toEqual(Buffer.alloc(0));
  });

  test("announced too long is refused before any of it is read", async () => {
    const error = await send({ "content-length": "11" }, (client) => client.flushHeaders());
    expect(error).toMatchObject({ code: "payload-too-large" });
  });

  test("not announced is refused as soon as it is too long", async () => {
    const error = await send({}, (client) => client.write("12345678901"));
    expect(error).toMatchObject({
      code: "payload-too-large",
      message: expect.stringContaining("at most 10 bytes"),
    });
  });

  test("that is too much together with the others is refused, to be sent again later", async () => {
    budget.lease().take(995);
    const error = await send({}, (client) => client.write("123456"));
    expect(error).toMatchObject({ code: "overloaded", retryable: true });
  });

  test("of a client that goes away is no body", async () => {
    const error = await send({ "content-length": "10" }, (client) => {
      client.write("12345");
      const forward = seen;
      seen = (request) => {
        forward(request);
        client.destroy();
      };
    });
    expect(error).toMatchObject({ code: "client-closed" });
  });
});
