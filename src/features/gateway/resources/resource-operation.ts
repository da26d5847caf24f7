import type { RequestProblem, Warning } from "#core/dialects/dialect.ts";
import { resourceMethods, type ResourceClient, type ResourceServer } from "#core/dialects/resources.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import { costHeader } from "#features/gateway/answer-headers.ts";
import type { Operation, OperationInput, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { deadlinesOfWhole } from "#features/gateway/whole-attempt.ts";
import type { ResourceInput } from "./resource-asked.ts";
import { ResourceReader } from "./resource-reader.ts";

interface ResourceOperationInput extends OperationInput, ResourceInput {
  readonly server: ResourceServer;
  /** The provider that it must go to; undefined where any will do that keeps such things. */
  readonly provider: string | undefined;
  readonly stream: boolean;
}

/** A call about something that a provider keeps: its bytes pass, but for the names in them. */
export function resourceOperation(input: ResourceOperationInput): Operation {
  return { prepare: (rung, attempt, degraded) => prepareResource(input, rung, { attempt, degraded }) };
}

interface Target {
  readonly rung: Rung;
  readonly resources: ResourceClient;
  readonly attempt: number;
  readonly degraded: Degraded | undefined;
}

function prepareResource(
  input: ResourceOperationInput,
  rung: Rung,
  asked: Pick<Target, "attempt" | "degraded">,
): Result<PreparedAttempt, RequestProblem> {
  const { resources, provider, deployment } = rung;
  const cannot = `Cannot ${input.call.action} ${input.call.kind} at deployment "${deployment}"`;
  if (!resources) {
    return failed(unsupported(`${cannot}: a provider of the Gemini API is wanted, "${provider}" is none`));
  }
  if (input.provider !== undefined && input.provider !== provider) {
    const actual = `what it refers to is kept at "${input.provider}", the deployment is at "${provider}"`;
    return failed(unsupported(`${cannot}: one provider is wanted, ${actual}`));
  }
  return ok(resourceAttempt(input, { ...asked, rung, resources }));
}

function unsupported(message: string): RequestProblem {
  return { code: "unsupported-feature", message };
}

function resourceAttempt(
  input: ResourceOperationInput,
  { rung, resources, attempt, degraded }: Target,
): PreparedAttempt {
  const { call, client, dialect, server, text } = input;
  const headers = (contentType: string) => input.headers(rung, contentType, attempt, degraded);
  const reader = new ResourceReader({
    call,
    resources,
    rung,
    client,
    nowMs: input.nowMs,
    start: () =>
      client.start(200, { ...headers("text/event-stream; charset=utf-8"), "cache-control": "no-cache" }),
  });
  const method = resourceMethods[call.action];
  return {
    call: {
      method,
      url: rung.baseUrl + resources.path(call, rung.model.id),
      headers: rung.headers,
      body: method === "GET" || text === "" ? "" : resources.encodeRequest(call, text, rung.model.id),
      privateNetwork: rung.privateNetwork,
    },
    warnings: () => parameterWarnings(input, rung),
    deadlines: input.stream ? input.deadlines : deadlinesOfWhole(input.deadlines),
    reader,
    answer: () => reader.answer,
    committed: () => reader.committed,
    complete(cost) {
      if (reader.committed) return client.end();
      const body = reader.body;
      client.start(200, {
        ...headers("application/json; charset=utf-8"),
        ...costHeader(cost),
        "content-length": String(Buffer.byteLength(body)),
      });
      client.end(body);
    },
    breakOff: (error) =>
      client.breakOff(
        reader.committed ? server.encodeErrorEvent(error) : JSON.stringify(dialect.server.encodeError(error)),
      ),
  };
}

/** The body passes: what a variant sets is not laid over it. */
function parameterWarnings({ request }: ResourceOperationInput, rung: Rung): readonly Warning[] {
  if (!request) return [];
  return Object.keys(rung.parameters).map((field) => ({
    code: "dropped-field",
    field: `variant.${field}`,
    message: `"${field}" of the variant was left out: the body passes as it came`,
  }));
}
