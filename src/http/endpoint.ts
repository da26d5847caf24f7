import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Principal } from "#features/access/index.ts";

/** The groups in which endpoints are shown, in this order. */
export const tags = [
  {
    name: "OpenAI",
    description: "The OpenAI dialect: any OpenAI client works with this address as its base URL plus /v1.",
  },
  {
    name: "Gemini",
    description: "The Gemini dialect: any Gemini client works with this address as its base URL.",
  },
  {
    name: "Anthropic",
    description: "The Anthropic dialect: any Anthropic client works with this address as its base URL.",
  },
  { name: "Chains", description: "Deployed compositions: prompt template, route, output parser." },
  {
    name: "Requests",
    description: "The log of requests: decisions, attempts, usage and timings. Never content.",
  },
  { name: "Feedback", description: "What people and programs say about answers, and what came of them." },
  { name: "Reviews", description: "What humans are asked to judge, and what they said." },
  { name: "Catalog", description: "Models and routes as they are now." },
  { name: "Prompts", description: "What is said around the messages of clients, in numbered versions." },
  { name: "Deployments", description: "Models at providers: how they stand, and what is done with them." },
  {
    name: "Experiments",
    description: "Variants compared on the requests of a route: designs, and what becomes of them.",
  },
  {
    name: "Evaluations",
    description: "Data sets asked of variants, routes and models, in runs that Signalbox carries out itself.",
  },
  { name: "Administration", description: "Configuration and API keys." },
  { name: "Health", description: "Probes and metrics." },
] as const;

/** A group of endpoints. */
type Tag = (typeof tags)[number]["name"];

/**
 * Who may call: `none` anyone; `key` whoever has an API key, when the gateway asks for keys; `admin` whoever has the
 * admin key, when there is one; `signature` whoever signs the body, which its handler checks.
 */
export type Protection = "none" | "key" | "admin" | "signature";

/** An example shown beside a body. */
export interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/** One answer an endpoint can give. */
export interface Reply {
  readonly description: string;
  /** Media type to schema; absent for an answer without a body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: z.ZodObject;
}

/** What an endpoint is, said once: Fastify's routes and the OpenAPI document are both made from it. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** As OpenAPI writes it: `/api/requests/{id}`. */
  readonly path: string;
  /** Unique, camelCase: what a generated client calls the function. */
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly protection: Protection;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** In place of `body`: a body that its handler gets as a `Readable`, by its media type; the schema is of what stands in it. */
  readonly streamed?: Readonly<Record<string, z.ZodType>>;
  readonly examples?: Readonly<Record<string, Example>>;
  /** By status. Errors that every endpoint can give are added by the document. */
  readonly replies: Readonly<Record<number, Reply>>;
  /** Which error answers it gives: problem+json, or its dialect's own. */
  readonly errors: "problem" | "dialect" | "none";
}

/** What a control-plane call brings, not parsed yet. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  /** Who is calling. */
  readonly principal: Principal;
  /** Id of the call, which its answer and the log carry. */
  readonly requestId: string;
  /** Aborted when the client goes away before its answer is complete. */
  readonly signal: AbortSignal;
}

/** What a handler answers. A body that is a string or a `Readable` is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An endpoint that Fastify serves. */
export interface ServedEndpoint extends Endpoint {
  /** Largest body, bytes, where it is not the control plane's usual 1 MiB; a `streamed` one is bounded by what it announces alone. */
  readonly bodyBytesMax?: number;
  /** Whether its handler gets the bytes of a JSON body as a `Buffer`: what is signed must not be written anew. */
  readonly isBodyRaw?: boolean;
  /** @throws AppError as `http/problem.ts` maps it */
  readonly handle: (input: RawInput) => Promise<Answer>;
}
