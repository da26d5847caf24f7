import type { LoadOrder } from "../load/load-order.ts";
import type { BodySize } from "../load/request-body.ts";

/** What is asked, and what Signalbox has to do for it. */
export const workloads = ["pass-openai", "pass-gemini", "translate"] as const;

/** One of them. In `translate` an OpenAI client is served by a Gemini upstream; the yardsticks pass OpenAI through. */
export type Workload = (typeof workloads)[number];

/** Whether Signalbox passes the bytes of such a request. */
export function passes(workload: Workload): boolean {
  return workload !== "translate";
}

/** Who is asked: the upstream itself, the bare proxy before it, or Signalbox. */
export interface Target {
  readonly name: string;
  readonly kind: "yardstick" | "signalbox";
  readonly port: number;
  /** Process that is measured; absent for the upstream, which is not. */
  readonly pid?: number;
  /** Key that clients send. */
  readonly key: string;
}

/** One way to ask. */
export interface Request {
  readonly workload: Workload;
  readonly size: BodySize;
  readonly stream: boolean;
}

/** The names of Signalbox's routes for the bench: an upstream dialect and a pace. */
export function routeName(dialect: "openai" | "gemini", stream: boolean): string {
  return `${dialect}-${stream ? "paced" : "whole"}`;
}

/** Where the upstream answers in one dialect, whole or paced: what a provider's base URL is in Signalbox. */
export function upstreamBase(dialect: "openai" | "gemini", stream: boolean): string {
  return `/${stream ? "paced" : "whole"}/${dialect === "gemini" ? "v1beta" : "v1"}`;
}

/** The load that asks a target in this way. */
export function orderFor(
  target: Target,
  request: Request,
  load: Pick<LoadOrder, "connections" | "durationMs" | "requestsMax" | "ratePerSecond">,
): LoadOrder {
  const { workload, size, stream } = request;
  const dialect = workload === "pass-gemini" ? "gemini" : "openai-chat";
  const model =
    target.kind === "signalbox"
      ? routeName(workload === "pass-openai" ? "openai" : "gemini", stream)
      : "bench-model";
  return {
    host: "127.0.0.1",
    port: target.port,
    path: pathFor(target, { dialect, model, stream }),
    headers:
      dialect === "gemini" ? { "x-goog-api-key": target.key } : { authorization: `Bearer ${target.key}` },
    shape: { dialect, size, stream, model },
    ...load,
  };
}

function pathFor(
  target: Target,
  {
    dialect,
    model,
    stream,
  }: { readonly dialect: "openai-chat" | "gemini"; readonly model: string; readonly stream: boolean },
): string {
  const isOwn = target.kind === "signalbox";
  if (dialect === "openai-chat") return `${isOwn ? "/v1" : upstreamBase("openai", stream)}/chat/completions`;
  const base = isOwn ? "/v1beta" : upstreamBase("gemini", stream);
  return `${base}/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`;
}
