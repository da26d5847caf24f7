import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { deploymentNames, type DeploymentName } from "./answer-text.ts";
import { isAddressFault, type FaultName } from "./fault-names.ts";
import { FaultyExchange } from "./faulty-exchange.ts";
import { playedFaults } from "./played-faults.ts";
import { wires } from "./wire.ts";

/** What goes wrong with the requests of a cell. */
export interface FaultOrder {
  readonly fault: FaultName;
  readonly when: "before" | "after";
  readonly failing: "one" | "all" | "all-but-fallback";
}

/** A provider with two deployments of one model (`/a`, `/b`) and one of another (`/c`), of which chosen ones fail. */
export interface FaultyUpstream extends AsyncDisposable {
  readonly port: number;
  /** A port that answers TLS with nonsense. */
  readonly tlsGarbagePort: number;
  /**
   * Says what happens to requests whose prompt holds `cellMarker(cell)`. Of an order for `one` the deployment fails that is
   * asked first, and goes on failing: whichever a gateway chooses, its first choice is the wrong one.
   */
  play(cell: string, order: FaultOrder): void;
  /** Which deployments were asked for a cell, in order; forgets the order. */
  seen(cell: string): readonly DeploymentName[];
}

/** What stands in a prompt, so that the upstream knows which cell a request is of. */
export function cellMarker(cell: string): string {
  return `[[cell:${cell}]]`;
}

/** Largest request that is read, bytes. */
const requestBytesMax = 1024 * 1024;

interface Playing {
  readonly order: FaultOrder;
  readonly asked: DeploymentName[];
}

/** Starts one. */
export async function startFaultyUpstream(
  options: { readonly host?: string; /** 0, or left out: a free one. */ readonly port?: number } = {},
): Promise<FaultyUpstream> {
  const host = options.host ?? "127.0.0.1";
  const playing = new Map<string, Playing>();
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    void serve(playing, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const garbage = createTcpServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.end("220 no TLS is spoken here\r\n"));
  });
  server.listen(options.port ?? 0, host);
  garbage.listen(options.port ? options.port + 1 : 0, host);
  await Promise.all([once(server, "listening"), once(garbage, "listening")]);
  return {
    port: portOf(server.address()),
    tlsGarbagePort: portOf(garbage.address()),
    play: (cell, order) => void playing.set(cell, { order, asked: [] }),
    seen(cell) {
      const asked = playing.get(cell)?.asked ?? [];
      playing.delete(cell);
      return asked;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      garbage.close();
      await Promise.all([once(server, "close"), once(garbage, "close")]);
    },
  };
}

async function serve(
  playing: ReadonlyMap<string, Playing>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const deployment = deploymentNames.find((name) => request.url?.startsWith(`/${name}/`));
  if (request.method !== "POST" || deployment === undefined) {
    // Gateways that look whether a provider is there find one without a list of models.
    response.writeHead(request.method === "GET" ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ object: "list", data: [] }));
    return;
  }
  const body = await textOf(request);
  const cell = playing.get(/\[\[cell:([^\]]{1,200})\]\]/.exec(body)?.[1] ?? "");
  cell?.asked.push(deployment);
  const call = exchangeOf(request, response, { body, deployment, order: cell?.order });
  const { order } = cell ?? {};
  if (!cell || !order || isAddressFault(order.fault) || !fails(cell, deployment)) await call.answer();
  else await playedFaults[order.fault](call);
}

function fails({ order, asked }: Playing, deployment: DeploymentName): boolean {
  switch (order.failing) {
    case "one":
      return deployment === asked[0];
    case "all":
      return true;
    case "all-but-fallback":
      return deployment !== "c";
  }
}

function exchangeOf(
  request: IncomingMessage,
  response: ServerResponse,
  call: {
    readonly body: string;
    readonly deployment: DeploymentName;
    readonly order: FaultOrder | undefined;
  },
): FaultyExchange {
  const url = request.url ?? "";
  const isGemini = /:(?:generate|streamGenerate)Content/.test(url);
  return new FaultyExchange(response, {
    wire: isGemini ? wires.gemini : wires.openai,
    deployment: call.deployment,
    isStream: isGemini ? url.includes(":streamGenerateContent") : /"stream":\s*true/.test(call.body),
    isAfter: call.order?.when === "after",
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > requestBytesMax)
      throw new Error("Cannot read a request: it is longer than the bench's own");
  }
  return text;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("Cannot serve: a TCP port is wanted");
  return address.port;
}
