import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { inTurn } from "./in-turn.ts";
import { createServer } from "./node-http.ts";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** A server that answers when told, and a client that sends all its requests at once. */
async function start(paths: readonly string[]) {
  const served: string[] = [];
  const answers: ServerResponse[] = [];
  let came = 0;
  const server = createServer((request, response) => {
    came += 1;
    inTurn(request, response, () => {
      served.push(request.url ?? "");
      answers.push(response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address that is no text.
  const { port } = server.address() as AddressInfo;
  const client = connect(port, "127.0.0.1");
  let text = "";
  client.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise<string>((resolve) => client.on("close", () => resolve(text)));
  client.on("error", () => undefined);
  client.write(paths.map((path) => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`).join(""));
  opened.push(server, { close: () => client.destroy() });
  return { served, answers, client, closed, came: () => came };
}

describe("requests that a client sends without waiting for answers", () => {
  test("are served one after the other", async () => {
    const { served, answers, closed } = await start(["/1", "/2", "/3"]);
    const seen: string[][] = [];
    for (const path of ["/1", "/2", "/3"]) {
      await expect.poll(() => answers.length).toBe(1);
      seen.push([...served]);
      const answer = answers.pop();
      if (path === "/3") answer?.setHeader("connection", "close");
      answer?.end(`to ${path}`);
    }
    expect(seen).toEqual([["/1"], ["/1", "/2"], ["/1", "/2", "/3"]]);
    expect([...(await closed).matchAll(/to \/\d/g)].join()).toBe("to /1,to /2,to /3");
  });

  test("are never served when their client leaves before their turn", async () => {
    const { served, answers, client, came } = await start(["/1", "/2"]);
    await expect.poll(came).toBe(2);
    const [first] = answers;
    const gone = first && once(first, "close");
    client.destroy();
    await gone;
    first?.end("too late");
    expect(served).toEqual(["/1"]);
  });

  test("have their connection closed where too many wait", async () => {
    const { served, closed } = await start(Array.from({ length: 40 }, (_, index) => `/${index}`));
    expect(await closed).toBe("");
    expect(served).toEqual(["/0"]);
  });
});
