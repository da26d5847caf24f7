import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";
import {
  chainCallSchema,
  chainListSchema,
  type ChainCall,
  type ChainService,
} from "#features/chains/index.ts";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";
import type { RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { assertLogRoom, type LogAccepts } from "#http/log-room.ts";
import { chainEndpoints } from "#http/openapi/chain-endpoints.ts";
import { inputReader, served } from "#http/served.ts";
import { chainStreamBody } from "./chain-stream-body.ts";

/** Largest body of a call, bytes: the longest text of a chain (400,000 characters), each escaped as `\u0000`, fits. */
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
  readonly chains: Pick<ChainService, "invoke" | "stream" | "definitions">;
  readonly timers: Timers;
  readonly logAccepts: LogAccepts;
  /** Hears of our own mistakes in a stream under way; others rise. */
  readonly unexpected: (error: unknown, requestId: string) => void;
}

/** `/v1/chains/{chain}/...`: runs chains. The document describes them by the live snapshot, with the data plane. */
export function chainCallEndpoints({
  chains,
  timers,
  logAccepts,
  unexpected,
}: ChainCallPorts): readonly ServedEndpoint[] {
  const { invoke, stream } = chainEndpoints(chains.definitions);
  const invokeCall = callReader(invoke);
  const streamCall = callReader(stream);
  return [
    {
      ...invoke,
      bodyBytesMax,
      handle: async (input) => {
        assertLogRoom(logAccepts);
        const { headers, answer } = await chains.invoke(invokeCall(input));
        return { status: 200, headers, body: answer };
      },
    },
    {
      ...stream,
      bodyBytesMax,
      handle: async (input) => {
        assertLogRoom(logAccepts);
        const run = await chains.stream(streamCall(input));
        const body = chainStreamBody(run, {
          timers,
          failed(error) {
            if (!(error instanceof AppError)) unexpected(error, run.requestId);
          },
        });
        return {
          status: 200,
          headers: { ...run.headers, "content-type": "text/event-stream; charset=utf-8" },
          body,
        };
      },
    },
  ];
}

const params = z.object({ chain: z.string() });

function callReader({ method, path }: { readonly method: string; readonly path: string }) {
  const read = inputReader({ method, path, params, body: chainCallSchema });
  return (input: RawInput): ChainCall => {
    const { params, body } = read(input);
    const headers = readRequestHeaders(input.headers);
    if (typeof headers === "string") throw new AppError("invalid-request", headers);
    const { requestId, principal, signal } = input;
    return { chain: params.chain, input: body.input, requestId, principal, signal, ...headers };
  };
}
