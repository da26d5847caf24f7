import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";
import {
  exportQuery,
  exportText,
  filtersOf,
  requestDetail,
  type TrafficService,
} from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { inputReader } from "#http/served.ts";
import { exportBody } from "./export-body.ts";

/** Exports under way at most: each keeps the database busy as long as it lasts. */
const exportsMax = 2;

/** What an export needs. */
export interface ExportPorts {
  readonly requests: Pick<TrafficService, "list">;
  readonly timers: Timers;
}

/** `/api/requests/export`: the log as a file. */
export function exportEndpoint({ requests, timers }: ExportPorts): ServedEndpoint {
  let running = 0;
  return {
    ...endpoint,
    handle: async (input) => {
      const { format, ...filters } = read(input).query;
      if (running >= exportsMax) throw tooMany();
      running += 1;
      const done = (): void => void (running -= 1);
      try {
        const text = await exportText(requests, { filters: filtersOf(filters), format });
        const body = exportBody(text, timers).once("close", done);
        input.signal.addEventListener("abort", () => body.destroy(), { once: true });
        return {
          status: 200,
          headers: {
            "content-type": `${mediaTypes[format]}; charset=utf-8`,
            "content-disposition": `attachment; filename="requests.${format}"`,
          },
          body,
        };
      } catch (error) {
        done();
        throw error;
      }
    },
  };
}

const mediaTypes = { jsonl: "application/x-ndjson", csv: "text/csv" } as const;

const endpoint = {
  method: "GET",
  path: "/api/requests/export",
  operationId: "exportRequests",
  tag: "Requests",
  summary: "Export requests",
  description:
    "Every request that matches, newest first, as a file: lines of JSON as `GET /api/requests/{id}` tells them, or CSV. " +
    "It is sent while it is read. One that fails on the way ends with a line that says so, and its connection is cut " +
    `instead of ended. In CSV, text that a spreadsheet would run as a formula begins with an apostrophe. At most ${exportsMax} at a time.`,
  protection: "admin",
  query: exportQuery.strict(),
  replies: {
    200: {
      description: "The file.",
      content: {
        [mediaTypes.jsonl]: requestDetail,
        [mediaTypes.csv]: z.string().meta({
          description: "A row of names, then a row for each request.",
          examples: ["id,started_at\r\n"],
        }),
      },
    },
  },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const read = inputReader(endpoint);

function tooMany(): AppError {
  return new AppError(
    "rate-limited",
    `Cannot export requests: at most ${exportsMax} exports at a time are wanted, so many are under way`,
    { retryable: true },
  );
}
