import { PassThrough, Readable } from "node:stream";
import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import {
  feedbackBody,
  fileBytesMax,
  importOptionsOf,
  importQuery,
  importReply,
  importView,
  type OutcomeFile,
  type OutcomeService,
} from "#features/traffic/index.ts";
import type { RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { problemSchema } from "#http/openapi/problem-schema.ts";
import { inputReader } from "#http/served.ts";
import { outcomeWebhookEndpoint, type WebhookPorts } from "./outcome-webhook-endpoint.ts";

/** What the endpoints of outcomes are over. */
export interface OutcomePorts extends WebhookPorts {
  readonly service: OutcomeService;
}

const formats: ReadonlyMap<string, OutcomeFile["format"]> = new Map([
  ["text/csv", "csv"],
  ["application/x-ndjson", "jsonl"],
]);

/** `/api/outcomes` and `/hooks/outcomes`: what came of answers, as other systems know it. */
export function outcomeEndpoints(ports: OutcomePorts): readonly ServedEndpoint[] {
  let isRunning = false;
  return [
    {
      ...importEndpoint,
      async handle(input) {
        const options = importOptionsOf(readQuery(input).query);
        const { format, bytes } = fileOf(input);
        // One at a time: those of two would take turns in the database anyway, and each holds its file.
        if (isRunning) throw busy();
        isRunning = true;
        try {
          const report = await ports.service.import({ ...options, format, bytes, signal: input.signal });
          const isWhole = report.refused === 0 && report.stopped === undefined;
          return { status: isWhole ? 200 : 207, body: importView(report) };
        } finally {
          isRunning = false;
        }
      },
    },
    outcomeWebhookEndpoint(ports),
  ];
}

const problem = { "application/problem+json": problemSchema };
const report = { "application/json": importReply };

const importEndpoint = {
  method: "POST",
  path: "/api/outcomes/import",
  operationId: "importOutcomes",
  tag: "Feedback",
  summary: "Import outcomes",
  description:
    "Keeps a file of outcomes as feedback: CSV with a header, or a JSON object a line, with the columns or fields of `POST /v1/feedback`. " +
    "Wrong rows are told by their lines and stop nothing. Importing a file again changes nothing: see docs/outcomes.md.",
  protection: "admin",
  query: importQuery,
  streamed: {
    "text/csv": z.string().meta({
      description: "A row of names, then a row for each outcome.",
      examples: ["unit,name,outcome,at,id\nuser-42,purchase,19.9,2026-11-25T12:00:00Z,order-8812\n"],
    }),
    "application/x-ndjson": feedbackBody,
  },
  bodyBytesMax: fileBytesMax,
  errors: "problem",
  replies: {
    200: { description: "Every row was kept or known.", content: report },
    207: { description: "Some rows were refused, or it stopped before the end.", content: report },
    413: { description: "The file is too large; at most 64 MiB.", content: problem },
    415: { description: "The body is neither CSV nor JSON Lines.", content: problem },
    429: { description: "Another import is under way.", content: problem },
    503: { description: "The database is away: nothing was kept, try again.", content: problem },
  },
} as const satisfies Omit<ServedEndpoint, "handle">;

const readQuery = inputReader({ method: "POST", path: importEndpoint.path, query: importQuery });

function fileOf({ body, headers }: RawInput): Pick<OutcomeFile, "format" | "bytes"> {
  const [type = ""] = headers["content-type"]?.split(";") ?? [];
  const format = formats.get(type.trim().toLowerCase());
  if (format === undefined || !(body instanceof Readable))
    throw new AppError(
      "unsupported-media-type",
      `Cannot import outcomes: content-type ${[...formats.keys()].join(" or ")} is wanted, it is another`,
    );
  return { format, bytes: taken(body) };
}

/** A body that is taken at the speed of its sender: a request that waits for the database would end by its deadline. */
function taken(body: Readable): Readable {
  const room = new PassThrough({ highWaterMark: fileBytesMax });
  body.on("error", (cause) => room.destroy(gone(cause))).pipe(room);
  // What is not read any more still comes: a connection on which it waits serves no other request.
  return room.on("close", () => body.unpipe(room).resume());
}

function gone(cause: unknown): AppError {
  return new AppError("client-closed", "Cannot import outcomes: the client went away", { cause });
}

function busy(): AppError {
  return new AppError(
    "rate-limited",
    "Cannot import outcomes: one import at a time is wanted, another is under way",
    { retryable: true },
  );
}
