import type { Endpoint } from "#http/endpoint.ts";
import { anthropicEndpoints } from "./anthropic-endpoints.ts";
import { chainEndpoints } from "./chain-endpoints.ts";
import { geminiEndpoints } from "./gemini-endpoints.ts";
import { openAiEndpoints } from "./openai-endpoints.ts";
import type { ApiSnapshot } from "./snapshot.ts";

/** The data plane, described with the names that live now. It is served by the raw server, not by Fastify. */
export function dataPlaneEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  const { invoke, batch, stream, events } = chainEndpoints(snapshot.chains);
  return [
    ...openAiEndpoints(snapshot),
    ...geminiEndpoints(snapshot),
    ...anthropicEndpoints(snapshot),
    invoke,
    batch,
    stream,
    events,
  ];
}
