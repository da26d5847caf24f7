import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";
import {
  chainBatchCallSchema,
  chainCallSchema,
  chainListSchema,
  type ChainCall,
  type ChainService,
} from "#features/chains/index.ts";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";
import type { Endpoint, RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { assertLogRoom, type LogAccepts } from "#http/log-room.ts";
import { chainEndpoints } from "#http/openapi/chain-endpoints.ts";
import { inputReader, served } from "#http/served.ts";
import { chainStreamBody } from "./chain-stream-body.ts";

/** Largest body of a call, bytes: 400,000 characters, each escaped as `\u0000`, fit, and the longest text as it is. */
const bodyBytesMax = 4 * 1024 * 1024;

/** `/api/chains`: the deployed chains. */
export function chainListEndpoints(chains: Pick<ChainService, "list">): readonly ServedEndpoint[] {
  return [
    served({
      method: "GET",
      path: "/api/chains",
      operationId: "listChains",
      tag: "Chains",
      summary: "List chains",
      description: "Every deployed chain with what it takes, what it gives and what it asks, by name.",
      protection: "admin",
      response: chainListSchema,
      responseDescription: "The chains.",
      answer: () => Promise.resolve(chains.list()),
    }),
  ];
}

/** What calls of chains need. */
export interface ChainCallPorts {
  readonly chains: Pick<ChainService, "invoke" | "batch" | "stream" | "definitions">;
  readonly timers: Timers;
  readonly logAccepts: LogAccepts;
  /** Hears of our own mistakes in a stream under way; others rise. */
  readonly unexpected: (error: unknown, requestId: string) => void;
}

/** `/v1/chains/{chain}/...`: runs chains. The document describes them by the live snapshot, with the data plane. */
export function chainCallEndpoints(ports: ChainCallPorts): readonly ServedEndpoint[] {
  const { chains, logAccepts } = ports;
  const { invoke, batch, stream, events } = chainEndpoints(chains.definitions);
  const invokeCall = callReader(invoke);
  const batchCall = batchReader(batch);
  return [
    {
      ...invoke,
      bodyBytesMax,
      handle: async (input) => {
        assertLogRoom(logAccepts);
        const { call, isLangServe } = invokeCall(input);
        const { headers, answer } = await chains.invoke(call);
        const metadata = { run_id: answer.request_id, feedback_tokens: [] };
        return { status: 200, headers, body: isLangServe ? { ...answer, metadata } : answer };
      },
    },
    {
      ...batch,
      bodyBytesMax,
      handle: async (input) => {
        assertLogRoom(logAccepts);
        const { call, inputs } = batchCall(input);
        return { status: 200, body: await chains.batch(call, inputs) };
      },
    },
    { ...stream, bodyBytesMax, handle: streamHandler(stream, ports, { tellsSteps: false }) },
    { ...events, bodyBytesMax, handle: streamHandler(events, ports, { tellsSteps: true }) },
  ];
}

function streamHandler(
  endpoint: Pick<Endpoint, "method" | "path">,
  { chains, timers, logAccepts, unexpected }: ChainCallPorts,
  options: { readonly tellsSteps: boolean },
): ServedEndpoint["handle"] {
  const readCall = callReader(endpoint);
  return async (input) => {
    assertLogRoom(logAccepts);
    const { call, isLangServe } = readCall(input);
    const run = await chains.stream(call, options);
    const body = chainStreamBody(run, {
      timers,
      words: isLangServe && !options.tellsSteps ? "langserve" : "signalbox",
      failed(error) {
        if (!(error instanceof AppError) || error.code === "internal") unexpected(error, run.requestId);
      },
    });
    return {
      status: 200,
      headers: { ...run.headers, "content-type": "text/event-stream; charset=utf-8" },
      body,
    };
  };
}

const params = z.object({ chain: z.string() });

function callReader({ method, path }: Pick<Endpoint, "method" | "path">) {
  const read = inputReader({ method, path, params, body: chainCallSchema });
  return (input: RawInput) => {
    const { params, body } = read(input);
    const isLangServe = body.config !== undefined || body.kwargs !== undefined;
    return { call: { ...callOf(params.chain, input), input: body.input }, isLangServe };
  };
}

function batchReader({ method, path }: Pick<Endpoint, "method" | "path">) {
  const read = inputReader({ method, path, params, body: chainBatchCallSchema });
  return (input: RawInput) => {
    const { params, body } = read(input);
    return { call: callOf(params.chain, input), inputs: body.inputs };
  };
}

/** @throws AppError invalid-request for headers that cannot be read */
function callOf(chain: string, input: RawInput): Omit<ChainCall, "input"> {
  const headers = readRequestHeaders(input.headers);
  if (typeof headers === "string") throw new AppError("invalid-request", headers);
  const { requestId, principal, signal } = input;
  return { chain, requestId, principal, signal, ...headers };
}
