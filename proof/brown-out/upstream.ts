import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { randomFrom } from "#emulator/random.ts";
import { wires } from "../../bench/faults/upstream/wire.ts";
import type { Behaviour } from "./phases.ts";

/** The deployments of the route, all alike; the last one browns out. */
export const deployments = ["a", "b", "c"] as const;

/** One of them. */
export type DeploymentName = (typeof deployments)[number];

/** Three equal deployments. */
export interface BrownOutUpstream extends AsyncDisposable {
  /** Where a deployment's paths begin. */
  baseUrl(deployment: DeploymentName): string;
  /** Requests that the last deployment has refused. */
  readonly refused: number;
  /** Changes how the last deployment behaves, for requests from now on. */
  behave(behaviour: Behaviour): void;
}

/** Time to the first content, ms: this and up to as much again as the spread. */
const firstContentMs = 80;
const spreadMs = 40;
const pieces = ["All ", "signals ", "show ", "clear."];
const pieceMs = 10;

/** The longest that a deployment which is well takes, ms: to the first content, and to the whole. */
export const wellMsMax = {
  stream: firstContentMs + spreadMs,
  whole: firstContentMs + spreadMs + pieces.length * pieceMs,
} as const;

/** Starts them. */
export async function startBrownOutUpstream(seed: string): Promise<BrownOutUpstream> {
  let behaviour: Behaviour = { slowness: 1, errorShare: 0 };
  let refused = 0;
  const random = randomFrom(seed);
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    const isBrownedOut = request.url?.startsWith("/c/") === true;
    const slowness = isBrownedOut ? behaviour.slowness : 1;
    const failure =
      isBrownedOut && random.next() < behaviour.errorShare ? random.pick([500, 503]) : undefined;
    if (failure !== undefined) refused += 1;
    const waitMs = (firstContentMs + random.next() * spreadMs) * slowness;
    void answer(request, response, { slowness, failure, waitMs }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot serve: a TCP port is wanted");
  return {
    baseUrl: (deployment) => `http://127.0.0.1:${address.port}/${deployment}/v1`,
    get refused() {
      return refused;
    },
    behave: (next) => void (behaviour = next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  how: { readonly slowness: number; readonly failure: number | undefined; readonly waitMs: number },
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  if (how.failure !== undefined) return refuse(response, how.failure);
  const { openai } = wires;
  await wait(how.waitMs);
  if (!/"stream":\s*true/.test(body)) {
    await wait(pieceMs * pieces.length * how.slowness);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(openai.whole(pieces.join(""), "stop")));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) {
    response.write(`data: ${openai.content(piece)}\n\n`);
    await wait(pieceMs * how.slowness);
  }
  response.end([...openai.finish("stop"), ...openai.done].map((payload) => `data: ${payload}\n\n`).join(""));
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message: "Out of order", type: "server_error", code: null } }));
}
