import { describe, expect, test } from "vitest";
import type { LogFacts } from "./log-metrics.ts";
import type { MeasuredRequest } from "./metrics-port.ts";
import { createMetrics } from "./metrics.ts";

const usage = {
  inputTokens: 12,
  cachedInputTokens: 2,
  toolInputTokens: 0,
  outputTokens: 22,
  thinkingTokens: 8,
};

function request(changes: Partial<MeasuredRequest> = {}): MeasuredRequest {
  return {
    operation: "chat",
    outcome: "completed",
    status: 200,
    decision: { route: "assistant", variant: "assistant-flash" },
    attempts: [
      {
        deployment: "flash",
        variant: "assistant-flash",
        outcome: "failed",
        failure: "overloaded",
        startedMs: 1,
        totalMs: 9,
      },
      {
        deployment: "lite",
        variant: "assistant-lite",
        outcome: "completed",
        firstContentMs: 180,
        startedMs: 10,
        totalMs: 1_800,
      },
    ],
    usage,
    timings: { firstContentMs: 450, totalMs: 1900, gatewayMs: 0.4 },
    ...changes,
  };
}

/** A full log. */
const logFacts: LogFacts = {
  waitingRows: 5,
  oldestWaitingSeconds: 1.5,
  storedRows: 100,
  droppedRows: 7,
  gaps: 2,
  rejectedRows: 1,
  retries: 3,
  spoolBytes: 4096,
  droppedContents: 4,
  isFull: true,
  syncs: { count: 20, seconds: 0.5, secondsMax: 0.125 },
};

function metrics() {
  return createMetrics({
    inFlight: () => 3,
    log: () => logFacts,
    tail: () => ({ listeners: 2, dropped: 9 }),
    configuration: () => ({ number: 7, isFileInvalid: true, isRefused: false }),
    tokens: () => [{ provider: "vertex-eu", expiresAtMs: 5_000, renewed: 4, notRenewed: 2 }],
    deployments: () => [
      { deployment: "flash", state: "half-open", inFlight: 4, coolingUntilMs: 7_500 },
      { deployment: "lite", state: "closed", inFlight: 0 },
    ],
  });
}

/** The value of a series, by its name and labels in any order. */
async function value(
  text: Promise<string>,
  name: string,
  labels: Record<string, string>,
): Promise<number | undefined> {
  const line = (await text)
    .split("\n")
    .filter((one) => one.startsWith(`${name}{`) || one.startsWith(`${name} `))
    .find((one) => Object.entries(labels).every(([key, wanted]) => one.includes(`${key}="${wanted}"`)));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

describe("metrics", () => {
  test("count a request under the variant and deployment that answered it", async () => {
    const one = metrics();
    one.observeRequest(request());
    one.observeRequest(request());
    const labels = {
      operation: "chat",
      route: "assistant",
      variant: "assistant-lite",
      deployment: "lite",
      outcome: "completed",
    };
    expect(await value(one.text(), "signalbox_requests_total", labels)).toBe(2);
  });

  test("tell how each deployment is", async () => {
    const text = metrics().text();
    const state = (deployment: string, name: string) =>
      value(text, "signalbox_deployment_state", { deployment, state: name });
    expect([await state("flash", "half-open"), await state("flash", "closed")]).toEqual([1, 0]);
    expect([await state("lite", "half-open"), await state("lite", "closed")]).toEqual([0, 1]);
    expect(await value(text, "signalbox_deployment_in_flight", { deployment: "flash" })).toBe(4);
    const cooldown = "signalbox_deployment_cooldown_until_timestamp_seconds";
    expect(await value(text, cooldown, { deployment: "flash" })).toBe(7.5);
    expect(await value(text, cooldown, { deployment: "lite" })).toBeUndefined();
  });

  test("tell attempts elsewhere, at the same deployment again, and beside a slow one apart", async () => {
    const one = metrics();
    const failed = { variant: "v", outcome: "failed", failure: "server-error", totalMs: 5 };
    const answered = { variant: "v", outcome: "completed", totalMs: 100 };
    one.observeRequest(request());
    one.observeRequest(
      request({
        attempts: [
          { ...failed, deployment: "flash", startedMs: 1 },
          { ...answered, deployment: "flash", startedMs: 6 },
        ],
      }),
    );
    one.observeRequest(
      request({
        attempts: [
          { variant: "v", outcome: "aborted", totalMs: 50, deployment: "flash", startedMs: 1 },
          { ...answered, deployment: "lite", startedMs: 30 },
        ],
      }),
    );
    one.observeRequest(
      request({
        attempts: [
          { ...failed, deployment: "flash", startedMs: 1 },
          { ...answered, deployment: "lite", startedMs: 6, resumes: true },
          { ...answered, deployment: "lite", startedMs: 60, continues: true },
        ],
      }),
    );
    const text = one.text();
    const fallback = { from: "flash", to: "lite", reason: "overloaded" };
    const resumption = { from: "flash", to: "lite", reason: "server-error" };
    expect(await value(text, "signalbox_resumptions_total", resumption)).toBe(1);
    expect(await value(text, "signalbox_continuations_total", { deployment: "lite" })).toBe(1);
    expect(await value(text, "signalbox_fallbacks_total", fallback)).toBe(1);
    expect(await value(text, "signalbox_retries_total", { reason: "server-error" })).toBe(1);
    expect(await value(text, "signalbox_hedges_total", {})).toBe(1);
    expect(await value(text, "signalbox_fallbacks_total", { reason: "none" })).toBeUndefined();
  });

  test("tell each step of the ladder that answered, refusals, and choices that were forced", async () => {
    const one = metrics();
    const decision = { route: "assistant", variant: "assistant-flash" };
    const forced = {
      variant: "v",
      outcome: "failed",
      failure: "overloaded",
      totalMs: 5,
      deployment: "flash",
      startedMs: 1,
      chosen: "panic",
    };
    one.observeRequest(request({ decision: { ...decision, degraded: "shorter" } }));
    one.observeRequest(request({ outcome: "failed", status: 429, attempts: [forced] }));
    one.observeRequest(request({ outcome: "failed", status: 400 }));
    one.observeRequest(request({ outcome: "failed", status: 200 }));
    const text = one.text();
    const steps = (step: string) => value(text, "signalbox_degraded_total", { route: "assistant", step });
    expect([await steps("shorter"), await steps("refused"), await steps("fallback")]).toEqual([
      1,
      1,
      undefined,
    ]);
    const choice = { deployment: "flash", why: "panic" };
    expect(await value(text, "signalbox_forced_choices_total", choice)).toBe(1);
  });

  test("put durations into buckets of seconds", async () => {
    const one = metrics();
    one.observeRequest(request());
    expect(await value(one.text(), "signalbox_request_duration_seconds_bucket", { le: "1" })).toBe(0);
    expect(await value(one.text(), "signalbox_request_duration_seconds_bucket", { le: "2" })).toBe(1);
    expect(await value(one.text(), "signalbox_first_token_seconds_sum", { route: "assistant" })).toBeCloseTo(
      0.45,
    );
    expect(
      await value(one.text(), "signalbox_attempt_first_token_seconds_sum", { deployment: "lite" }),
    ).toBeCloseTo(0.18);
    expect(await value(one.text(), "signalbox_gateway_overhead_seconds_sum", {})).toBeCloseTo(0.0004);
  });

  test("count tokens by kind", async () => {
    const one = metrics();
    one.observeRequest(request());
    for (const [kind, count] of [
      ["input", 12],
      ["cached_input", 2],
      ["output", 22],
      ["thinking", 8],
    ] as const) {
      expect(await value(one.text(), "signalbox_tokens_total", { kind, deployment: "lite" })).toBe(count);
    }
    expect(await value(one.text(), "signalbox_tokens_total", { kind: "tool_input" })).toBeUndefined();
  });

  test("count every attempt by its kind of failure", async () => {
    const one = metrics();
    one.observeRequest(request());
    expect(
      await value(one.text(), "signalbox_attempts_total", { deployment: "flash", failure: "overloaded" }),
    ).toBe(1);
    expect(await value(one.text(), "signalbox_attempts_total", { deployment: "lite", failure: "none" })).toBe(
      1,
    );
  });

  test("a request that was refused counts under no route", async () => {
    const one = metrics();
    const { decision: _decision, usage: _usage, ...rest } = request();
    one.observeRequest({ ...rest, outcome: "refused", attempts: [], timings: { totalMs: 1, gatewayMs: 1 } });
    expect(
      await value(one.text(), "signalbox_requests_total", {
        route: "none",
        variant: "none",
        deployment: "none",
        outcome: "refused",
      }),
    ).toBe(1);
  });

  test("a thousand routes make at most 200 series and one for the others", async () => {
    const one = metrics();
    for (let route = 0; route < 1000; route++)
      one.observeRequest(request({ decision: { route: `route-${route}`, variant: "v" } }));
    const series = (await one.text())
      .split("\n")
      .filter((line) => line.startsWith("signalbox_requests_total{"));
    expect(series).toHaveLength(201);
    expect(await value(one.text(), "signalbox_requests_total", { route: "other" })).toBe(800);
  });

  test("read the queue of the log when scraped, and twice gives the same", async () => {
    const one = metrics();
    await one.text();
    const shown = {
      signalbox_log_queue_rows: 5,
      signalbox_log_oldest_waiting_seconds: 1.5,
      signalbox_log_spool_bytes: 4096,
      signalbox_log_full: 1,
      signalbox_log_stored_rows_total: 100,
      signalbox_log_dropped_rows_total: 7,
      signalbox_tail_listeners: 2,
      signalbox_tail_dropped_events_total: 9,
      signalbox_configuration_version_number: 7,
      signalbox_configuration_file_invalid: 1,
      signalbox_configuration_refused: 0,
      signalbox_log_gaps_total: 2,
      signalbox_log_rejected_rows_total: 1,
      signalbox_log_retries_total: 3,
      signalbox_log_dropped_contents_total: 4,
      signalbox_log_syncs_total: 20,
      signalbox_log_sync_seconds_total: 0.5,
      signalbox_log_sync_seconds_max: 0.125,
    };
    for (const [name, wanted] of Object.entries(shown))
      expect(await value(one.text(), name, {})).toBe(wanted);
    // A counter that is only shown must not add up from scrape to scrape.
    expect(await value(one.text(), "signalbox_log_stored_rows_total", {})).toBe(100);
    expect(await value(one.text(), "signalbox_requests_in_flight", {})).toBe(3);
  });

  test("tell when the tokens of providers end and how their renewals went, and twice gives the same", async () => {
    const one = metrics();
    await one.text();
    const of = (name: string, labels: Record<string, string>) =>
      value(one.text(), `signalbox_provider_token_${name}`, { provider: "vertex-eu", ...labels });
    expect(await of("expiry_timestamp_seconds", {})).toBe(5);
    expect(await of("renewals_total", { outcome: "renewed" })).toBe(4);
    expect(await of("renewals_total", { outcome: "failed" })).toBe(2);
  });

  test("tell the delay of the event loop, and every series of ours says its meaning", async () => {
    const text = await metrics().text();
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    const helps = text.split("\n").filter((line) => line.startsWith("# HELP signalbox_"));
    expect(helps.length).toBe(42);
    for (const help of helps) expect(help.split(" ").length).toBeGreaterThan(5);
  });
});

test("answers that chains want in a form are counted by chain, variant and outcome", async () => {
  const one = metrics();
  for (const outcome of ["parsed", "repaired", "parsed", "unparsable"] as const) {
    one.observeChainAnswer({ chain: "extract", variant: "chat-lite", outcome });
  }
  const text = await one.text();
  for (const [outcome, count] of [
    ["parsed", 2],
    ["repaired", 1],
    ["unparsable", 1],
  ]) {
    expect(text).toContain(
      `signalbox_chain_answers_total{chain="extract",variant="chat-lite",outcome="${outcome}"} ${count}`,
    );
  }
});

test("requests that are not answered once more are counted by experiment and reason", async () => {
  const one = metrics();
  for (const reason of ["budget", "budget", "queue-full"])
    one.observeShadowDrop({ experiment: "argon-shadow", reason });
  const text = await one.text();
  const series = (reason: string) =>
    `signalbox_shadow_dropped_requests_total{experiment="argon-shadow",reason="${reason}"}`;
  expect(text).toContain(`${series("budget")} 2\n`);
  expect(text).toContain(`${series("queue-full")} 1\n`);
});
