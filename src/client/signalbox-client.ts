import type { Readable } from "node:stream";
import { request } from "undici";
import { z } from "zod";
import { ClientError } from "#client/client-error.ts";

/** Where a Signalbox runs and the key to it. */
export interface ServerAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey: string | undefined;
}

/** Longest wait for an answer of the control plane, ms. */
const answerMsMax = 30_000;
/** Longest wait for what becomes of a file, ms: half a million rows at the pace of a slow database. */
const fileMsMax = 30 * 60_000;

/** A body that is no JSON, sent as it comes. */
export interface SentFile {
  readonly type: string;
  readonly bytes: Readable;
}

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly file?: SentFile;
}

const problem = z.object({
  detail: z.string().optional(),
  title: z.string().optional(),
  code: z.string().optional(),
  errors: z
    .array(
      z.object({
        field: z.string(),
        wanted: z.string(),
        actual: z.string(),
        file: z.string().optional(),
        line: z.int().optional(),
        column: z.int().optional(),
      }),
    )
    .optional(),
});

/**
 * Calls the control plane of a running Signalbox and reads its answer.
 * @param shape what the answer must be
 * @throws ClientError
 */
export async function callControlPlane<Shape>(
  server: ServerAddress,
  call: Call,
  shape: z.ZodType<Shape>,
): Promise<Shape> {
  return shape.parse(parsed(await answered(server, call)));
}

/** Reads a page or a file of the control plane. @throws ClientError */
export function readControlPlane(server: ServerAddress, path: string): Promise<string> {
  return answered(server, { method: "GET", path });
}

/** Reads an answer of the control plane as it comes. @throws ClientError */
export async function streamControlPlane(server: ServerAddress, path: string): Promise<Readable> {
  const { status, body } = await send(server, { method: "GET", path });
  if (status >= 400) throw refusal(status, await body.text());
  return body;
}

async function answered(server: ServerAddress, call: Call): Promise<string> {
  const { status, body } = await send(server, call);
  const text = await read(body, server);
  if (status < 400) return text;
  throw refusal(status, text);
}

function refusal(status: number, text: string): ClientError {
  const known = problem.safeParse(parsed(text)).data;
  const reason = known?.detail ?? known?.title ?? `status ${status}`;
  return new ClientError(status >= 500 ? "failed" : "refused", reason, {
    code: known?.code,
    problems: known?.errors ?? [],
  });
}

type Answered = Pick<Awaited<ReturnType<typeof request>>, "body"> & { readonly status: number };

async function send(server: ServerAddress, call: Call): Promise<Answered> {
  try {
    const { statusCode: status, body } = await request(server.url + call.path, {
      method: call.method,
      headers: {
        ...(call.body !== undefined && { "content-type": "application/json" }),
        ...(call.file && { "content-type": call.file.type }),
        ...(server.apiKey !== undefined && { authorization: `Bearer ${server.apiKey}` }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.file && { body: call.file.bytes }),
      headersTimeout: call.file ? fileMsMax : answerMsMax,
      bodyTimeout: answerMsMax,
    });
    return { status, body };
  } catch (cause) {
    throw unreachable(server, cause);
  }
}

async function read(body: Answered["body"], server: ServerAddress): Promise<string> {
  try {
    return await body.text();
  } catch (cause) {
    throw unreachable(server, cause);
  }
}

function unreachable({ url }: ServerAddress, cause: unknown): ClientError {
  return new ClientError(
    "unreachable",
    `Cannot reach Signalbox at "${url}": a running one is wanted (\`signalbox up\`, or SIGNALBOX_URL), none answers`,
    { cause },
  );
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // An answer that is no JSON is none of ours; the status alone is told.
    return undefined;
  }
}
