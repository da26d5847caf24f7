import { setTimeout as wait } from "node:timers/promises";
import { ApiFailure } from "#emulator/api-failure.ts";
import { htmlPage } from "#emulator/faults/html-page.ts";
import { quotaFailure, type QuotaWindow } from "#emulator/faults/quota-failures.ts";
import type { PlayedFaultName } from "./fault-names.ts";
import type { FaultyExchange } from "./faulty-exchange.ts";

/** Plays a fault on a call; it may go on until the caller leaves. */
type Play = (call: FaultyExchange) => void | Promise<void>;

/** More than any gateway takes for one answer, or one event, bytes. */
const oversizeBytes = 80 * 1024 * 1024;
const keepAliveEveryMs = 100;
/** Signs of life before an answer that comes after all. */
const keepAlives = 4;

/** Every fault that the upstream plays, by its name. */
export const playedFaults: Readonly<Record<PlayedFaultName, Play>> = {
  "not-http": (call) => call.speakNonsense(),
  "reset-before-head": (call) => call.reset(),
  "close-before-head": (call) => call.close(),
  "reset-after-head": async (call) => {
    call.head();
    await wait(keepAliveEveryMs);
    call.reset();
  },
  "429-minute": quota(["requests-per-minute"]),
  "429-day": quota(["requests-per-day"]),
  "429-limit-0": quota(["requests-per-minute", "requests-per-day"], 0),
  "429-shared": failure(429, "Resource exhausted. Please try again later."),
  "429-retry-after": failure(429, "Too many requests", { "retry-after": "7" }),
  "500": failure(500, "An internal error has occurred"),
  "502-html": (call) => call.refuse(502, htmlPage(502)),
  "503": failure(503, "The model is overloaded. Please try again later."),
  "503-retry-after": failure(503, "The model is overloaded. Please try again later.", { "retry-after": "7" }),
  "504": failure(504, "Deadline expired before operation could complete."),
  // https://docs.anthropic.com/en/api/errors has it for "overloaded"
  "529": failure(529, "Overloaded"),
  "401": failure(401, "Incorrect API key provided"),
  "403": failure(403, "Your API key was reported as leaked. Please use another API key."),
  "404-model-gone": failure(404, "The model does not exist or you do not have access to it."),
  "400-invalid": failure(400, "Request contains an invalid argument."),
  "400-context-length": (call) => call.refuse(400, call.wire.tooLong),
  "block-prompt": blockPrompt,
  "block-answer": blockAnswer,
  "stall-before-head": () => undefined,
  stall: (call) => call.begin(),
  "keep-alives-only": async (call) => {
    if (call.isStream) await call.begin();
    else call.head();
    await call.repeat(keepAlive(call), keepAliveEveryMs);
  },
  "keep-alives-then-answer": keepAlivesThenAnswer,
  "empty-deltas-only": async (call) => {
    await call.begin();
    await call.repeat(`data: ${call.wire.content("")}\n\n`, keepAliveEveryMs);
  },
  "empty-deltas-then-answer": async (call) => {
    await call.begin();
    await call.frames(Array.from({ length: keepAlives }, () => call.wire.content("")));
    await call.rest();
    await call.finish();
  },
  "slow-drip": slowDrip,
  "clean-end": async (call) => {
    if (!call.isStream) return call.refuse(200, call.wire.whole(call.text, "none"));
    await call.begin();
    call.end();
  },
  "done-without-finish": async (call) => {
    await call.begin();
    await call.frames(call.wire.done);
    call.end();
  },
  "cut-connection": async (call) => {
    await call.begin();
    call.close();
  },
  reset: async (call) => {
    await call.begin();
    call.reset();
  },
  malformed: malformed,
  truncated: async (call) => {
    await call.begin();
    if (call.isStream) call.write(`data: ${call.wire.content("half a fr").slice(0, -12)}`);
    call.end();
  },
  "error-frame": async (call) => {
    const error = call.wire.error(new ApiFailure(503, "The model is overloaded. Please try again later."));
    if (!call.isStream) return call.refuse(200, error);
    await call.begin();
    await call.frames([JSON.stringify(error)]);
    call.end();
  },
  "empty-answer": async (call) => {
    if (!call.isStream) return call.refuse(200, call.wire.nothing);
    call.head();
    await call.frames([JSON.stringify(call.wire.nothing), ...call.wire.done]);
    call.end();
  },
  "empty-body": (call) => {
    call.head();
    call.end();
  },
  "html-200": (call) => call.refuse(200, htmlPage(200)),
  oversize: async (call) => {
    if (call.isStream) await call.begin();
    else call.head();
    call.write(call.isStream ? 'data: {"padding":"' : '{"padding":"');
    await call.flood(oversizeBytes);
    call.write('"}\n\n');
    call.end();
  },
  "duplicated-finish": async (call) => {
    await call.begin();
    await call.rest();
    await call.frames(call.wire.finish("stop", { usage: false }));
    await call.finish();
  },
  "usage-missing": async (call) => {
    if (!call.isStream) return call.refuse(200, call.wire.whole(call.text, "stop", { usage: false }));
    await call.begin();
    await call.rest();
    await call.frames([...call.wire.finish("stop", { usage: false }), ...call.wire.done]);
    call.end();
  },
  "done-missing": async (call) => {
    await call.begin();
    await call.rest();
    await call.frames(call.wire.finish("stop"));
    call.end();
  },
};

function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Play {
  return (call) => call.fail(new ApiFailure(status, message, { headers }));
}

function quota(windows: readonly QuotaWindow[], limit?: number): Play {
  return (call) =>
    call.fail(
      quotaFailure({
        tier: "free",
        model: "faulty-model",
        windows,
        requestsPerMinute: limit ?? 10,
        inputTokensPerMinute: limit ?? 250_000,
        requestsPerDay: limit ?? 250,
        retryAfterMs: 38_000,
      }),
    );
}

async function blockPrompt(call: FaultyExchange): Promise<void> {
  const { status, body } = call.wire.blockedPrompt;
  if (status !== 200 || !call.isStream) return call.refuse(status, body);
  call.head();
  await call.frames([JSON.stringify(body), ...call.wire.done]);
  call.end();
}

async function blockAnswer(call: FaultyExchange): Promise<void> {
  if (!call.isStream) return call.refuse(200, call.wire.whole("", "filtered"));
  await call.begin();
  await call.frames([...call.wire.finish("filtered"), ...call.wire.done]);
  call.end();
}

/** What keeps a connection from being taken for dead: a comment in a stream, a blank before a body. */
function keepAlive({ isStream }: FaultyExchange): string {
  return isStream ? ": keep-alive\n\n" : "\n";
}

async function keepAlivesThenAnswer(call: FaultyExchange): Promise<void> {
  if (call.isStream) await call.begin();
  else call.head();
  for (let sent = 0; sent < keepAlives; sent++) {
    call.write(keepAlive(call));
    await wait(keepAliveEveryMs);
  }
  if (call.isStream) {
    await call.rest();
    return call.finish();
  }
  call.write(call.wholeText);
  return call.end();
}

/** Bytes in tiny pieces, each a write of its own. */
async function slowDrip(call: FaultyExchange): Promise<void> {
  const pieces = call.isStream
    ? [
        call.wire.role(),
        ...call.text.split(/(?= )/).map((piece) => call.wire.content(piece)),
        ...call.wire.finish("stop"),
        ...call.wire.done,
      ].map((payload) => `data: ${payload}\n\n`)
    : [call.wholeText];
  call.head();
  for (const dripped of pieces.join("").match(/[\s\S]{1,31}/g) ?? []) {
    call.write(dripped);
    await wait(1);
  }
  call.end();
}

async function malformed(call: FaultyExchange): Promise<void> {
  await call.begin();
  if (!call.isStream) {
    call.write(" <this is no JSON> ");
    return call.end();
  }
  await call.frames(["{this is no JSON"]);
  await call.rest();
  return call.finish();
}
