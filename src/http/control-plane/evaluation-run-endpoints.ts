import { z } from "zod";
import type { Timers } from "#core/kernel/timers.ts";
import {
  checkedRun,
  jobDetailView,
  jobView,
  resumeBody,
  runDetailView,
  runLineView,
  runParams,
  runQuery,
  runsQuery,
  runsView,
  runView,
  startRunBody,
  type JobService,
  type SentProblem,
} from "#features/evaluations/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { principalName } from "#http/principal-name.ts";
import { InvalidFieldsError } from "#http/problem.ts";
import { inputReader, served } from "#http/served.ts";
import { exportBody } from "./export-body.ts";
import { runEventsEndpoint } from "./run-events-endpoint.ts";

/** What the endpoints of runs need. */
export interface EvaluationRunPorts {
  readonly service: Pick<
    JobService,
    "start" | "list" | "get" | "report" | "records" | "stop" | "resume" | "remove"
  >;
  readonly timers: Timers;
}

/** `/api/evaluations/runs`: evaluations that Signalbox runs itself. */
export function evaluationRunEndpoints(ports: EvaluationRunPorts): readonly ServedEndpoint[] {
  return [
    start(ports),
    list(ports),
    one(ports),
    runEventsEndpoint(ports),
    records(ports),
    stop(ports),
    resume(ports),
    remove(ports),
  ];
}

const shared = { tag: "Evaluations", protection: "admin" } as const;
const path = "/api/evaluations/runs";

/** Largest evaluation with its items, bytes. */
const bodyBytesMax = 16 * 1024 * 1024;

const whatCame = { response: runView, responseDescription: "The run." } as const;

function start({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path,
    operationId: "startEvaluationRun",
    summary: "Run an evaluation",
    description:
      "Asks every item of the targets, scores the answers, and keeps what came of each: in this process or another one on the same database, and in the next one when it ends. Items come along, at most 20,000, or are those of a set that comes with Signalbox. `key_env` of other servers names a variable of the process's environment.",
    body: startRunBody,
    bodyBytesMax,
    examples: {
      bundled: {
        summary: "A set that comes with Signalbox",
        value: {
          evaluation: {
            name: "gsm8k",
            data: { set: "gsm8k", limit: 200 },
            targets: { flash: { model: "assistant/flash" }, argon: { model: "assistant/argon" } },
          },
        },
      },
      items: {
        summary: "Items of one's own",
        value: {
          evaluation: {
            name: "capitals",
            data: { file: "capitals.jsonl" },
            prompt: "{{question}} Answer with one word.",
            targets: { assistant: { model: "assistant" } },
            scorers: { right: { kind: "contains", reference: "answer" } },
          },
          items: [{ id: "fr", fields: { question: "What is the capital of France?", answer: "Paris" } }],
        },
      },
    },
    status: 202,
    ...whatCame,
    responseDescription: "The run, which waits for its turn.",
    answer: async ({ body, principal }) => {
      const read = await checkedRun(body);
      if (!read.ok) throw refused(read.error);
      return jobView(await service.start(read.value, principalName(principal)));
    },
  });
}

function refused(problems: readonly SentProblem[]): InvalidFieldsError {
  const fields = problems.map(({ path: at, wanted, actual }) => ({
    field: ["body", ...at].join("."),
    wanted,
    actual,
  }));
  const [first] = fields;
  return new InvalidFieldsError(
    `Cannot run the evaluation: ${first?.field ?? ""} must be ${first?.wanted ?? ""}, it is ${first?.actual ?? ""}`,
    fields,
  );
}

function list({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "GET",
    path,
    operationId: "listEvaluationRuns",
    summary: "List runs of evaluations",
    description: "Those that Signalbox carries out or has carried out itself, newest first.",
    query: runsQuery,
    response: runsView,
    responseDescription: "The runs.",
    answer: async ({ query: { limit, before } }) => ({
      runs: (await service.list(limit, before)).map(jobView),
    }),
  });
}

function one({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "GET",
    path: `${path}/{id}`,
    operationId: "getEvaluationRun",
    summary: "One run of an evaluation",
    description:
      "How far it is, what it has cost, and what it came to by now: the report of `signalbox eval report`, without its bootstrap.",
    params: runParams,
    query: runQuery,
    response: runDetailView,
    responseDescription: "The run.",
    answer: async ({ params, query }) => {
      const job = await service.get(params.id);
      return jobDetailView(job, query.report === "true" ? await service.report(job) : undefined);
    },
  });
}

const recordsDefinition = {
  ...shared,
  method: "GET",
  path: `${path}/{id}/records`,
  operationId: "getEvaluationRunRecords",
  summary: "Records of a run",
  description:
    "All that it has kept, as `records.jsonl` of a run's folder: a line before each question and one with each answer and its scores. It is sent while it is read. One that fails on the way is cut instead of ended.",
  params: runParams,
  replies: {
    200: {
      description: "The lines.",
      content: {
        "application/x-ndjson": runLineView,
      },
    },
  },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const readRecords = inputReader(recordsDefinition);

function records({ service, timers }: EvaluationRunPorts): ServedEndpoint {
  return {
    ...recordsDefinition,
    handle: async (input) => {
      const { id } = readRecords(input).params;
      const body = exportBody(await service.records(id), timers);
      input.signal.addEventListener("abort", () => body.destroy(), { once: true });
      return {
        status: 200,
        headers: {
          "content-type": "application/x-ndjson; charset=utf-8",
          "content-disposition": `attachment; filename="${id}.jsonl"`,
        },
        body,
      };
    },
  };
}

function stop({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: `${path}/{id}/stop`,
    operationId: "stopEvaluationRun",
    summary: "Stop a run",
    description: "Nothing more is begun; what is under way comes to its end. One that is over: 409.",
    params: runParams,
    ...whatCame,
    answer: async ({ params }) => jobView(await service.stop(params.id)),
  });
}

function resume({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "POST",
    path: `${path}/{id}/resume`,
    operationId: "resumeEvaluationRun",
    summary: "Go on with a run",
    description:
      "What is left of a run that is over is done, within other bounds where some are sent. One that waits or is under way: 409.",
    params: runParams,
    body: resumeBody,
    examples: {
      rest: { summary: "What is left", value: {} },
      errors: {
        summary: "What had no answer, too, for more money",
        value: { retry: "errors", budget_usd: 10 },
      },
    },
    ...whatCame,
    answer: async ({ params, body: { retry, budget_usd: budgetUsd, concurrency } }) =>
      jobView(await service.resume(params.id, { retriesErrors: retry === "errors", budgetUsd, concurrency })),
  });
}

function remove({ service }: EvaluationRunPorts): ServedEndpoint {
  return served({
    ...shared,
    method: "DELETE",
    path: `${path}/{id}`,
    operationId: "deleteEvaluationRun",
    summary: "Delete a run",
    description: "With its items, answers and scores. One that waits or is under way: 409.",
    params: runParams,
    status: 204,
    response: z.undefined(),
    responseDescription: "It is gone.",
    answer: async ({ params }) => service.remove(params.id).then(() => undefined),
  });
}
