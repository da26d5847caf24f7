import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { ApiFailure, googleErrorBody } from "./api-failure.ts";
import type { Delivery } from "./delivery/action.ts";
import { runDelivery } from "./delivery/run-delivery.ts";
import type { DeliveryOutcome } from "./delivery/run-delivery.ts";
import { interactionErrorBody } from "./interactions/interaction-error.ts";
import { openAiErrorBody } from "./openai/errors.ts";
import type { Flavour } from "./openai/errors.ts";
import { serveAdmin } from "./service/admin.ts";
import type { Draft } from "./service/draft.ts";
import { emptyDraft } from "./service/draft.ts";
import { endpointOf } from "./service/endpoint.ts";
import { readBody } from "./service/read-body.ts";
import { flavourOf, serve } from "./service/serve.ts";
import type { World } from "./service/world.ts";

const keepAliveTimeoutMs = 75_000;

/** The HTTP server of an emulator. It does not listen yet. */
export function createEmulatorServer(world: World): Server {
  const server = createServer(
    { noDelay: true, keepAliveTimeout: keepAliveTimeoutMs, requestTimeout: 0 },
    (request, response) => {
      handle(request, response, world).catch((error: unknown) => {
        // A mistake of the emulator itself: the client sees a broken connection, the process goes on and says why.
        process.stderr.write(
          `emulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
        response.destroy();
      });
    },
  );
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const url = urlOf(request.url ?? "/");
  const endpoint = endpointOf(request.method ?? "GET", url);
  response.setHeader("x-signalbox-emulated", "true");
  const draft = emptyDraft(world.now(), url.pathname);
  const gone = clientGone(response, world);
  const body = await readBody(request, gone.signal);
  if (endpoint.kind === "admin") {
    const text = typeof body === "string" ? body : "";
    const reply = serveAdmin(endpoint, { method: request.method ?? "GET", url, body: text }, world);
    response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
    return;
  }
  const delivery = deliveryOf(
    () => {
      if (body instanceof ApiFailure) throw body;
      return serve({ endpoint, url, headers: request.headers, body }, world, draft);
    },
    () => ({
      isOpenAi: draft.dialect === "openai",
      isInteraction: endpoint.kind === "interactions",
      flavour: flavourOf(endpoint, draft),
    }),
  );
  const outcome = await send(delivery, response, world, gone.signal);
  record(draft, { outcome, status: delivery?.status ?? 0, abortedAtMs: gone.atMs() }, world);
}

/** The URL of a request target; the root for one that no URL can be made of. */
function urlOf(target: string): URL {
  const base = "http://emulator";
  return URL.canParse(target, base) ? new URL(target, base) : new URL(base);
}

async function send(
  delivery: Delivery | undefined,
  response: ServerResponse,
  world: World,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  if (delivery !== undefined)
    return runDelivery(delivery, response, { now: world.now, timers: world.timers, signal });
  response.socket?.resetAndDestroy();
  return { outcome: "failed", framesSent: 0, outputTokensSent: 0 };
}

/** The delivery that a request gets; failures become bodies in the dialect of the request. */
function deliveryOf(
  make: () => Delivery | undefined,
  dialect: () => { readonly isOpenAi: boolean; readonly isInteraction: boolean; readonly flavour: Flavour },
): Delivery | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const { isOpenAi, isInteraction, flavour } = dialect();
    return failureDelivery(
      error,
      isOpenAi
        ? openAiErrorBody(error, flavour)
        : isInteraction
          ? interactionErrorBody(error)
          : googleErrorBody(error),
      flavour === "plain" && isOpenAi,
    );
  }
}

function failureDelivery(failure: ApiFailure, body: unknown, isPlain: boolean): Delivery {
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    ...retryAfter(failure, isPlain),
    ...failure.headers,
  };
  return {
    status: failure.code,
    headers,
    actions: [{ kind: "write", bytes: JSON.stringify(body), isFrame: true }, { kind: "end" }],
  };
}

/** Plain OpenAI servers say in a header how long to wait; Google says it in the body's RetryInfo. */
function retryAfter({ details }: ApiFailure, isPlain: boolean): Readonly<Record<string, string>> {
  const delay = details.map((detail) => detail["retryDelay"]).find((value) => typeof value === "string");
  return isPlain && typeof delay === "string" ? { "retry-after": String(Number.parseInt(delay, 10)) } : {};
}

interface ClientGone {
  readonly signal: AbortSignal;
  /** When the connection closed, epoch ms. */
  atMs(): number | null;
}

/** Notices at once when the client's connection closes before the response was handed over. */
function clientGone(response: ServerResponse, world: World): ClientGone {
  const controller = new AbortController();
  let closedAtMs: number | null = null;
  response.once("close", () => {
    if (response.writableEnded) return;
    closedAtMs = world.now();
    controller.abort();
  });
  return { signal: controller.signal, atMs: () => closedAtMs };
}

function record(
  draft: Draft,
  {
    outcome,
    status,
    abortedAtMs,
  }: { readonly outcome: DeliveryOutcome; readonly status: number; readonly abortedAtMs: number | null },
  world: World,
): void {
  const durationMs = world.now() - draft.timeMs;
  const { outputTokensAt, ...known } = draft;
  const isAborted = outcome.outcome === "aborted";
  world.ledger.record({
    ...known,
    outputTokensGenerated: Math.max(
      outcome.outputTokensSent,
      outputTokensAt(isAborted ? durationMs : Number.POSITIVE_INFINITY),
    ),
    outputTokensSent: outcome.outputTokensSent,
    framesSent: outcome.framesSent,
    status,
    outcome: outcome.outcome,
    abortedAtMs: isAborted ? abortedAtMs : null,
    durationMs,
  });
}
