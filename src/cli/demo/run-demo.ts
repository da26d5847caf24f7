import { setTimeout as wait } from "node:timers/promises";
import { ClientError } from "#client/client-error.ts";
import { callControlPlane } from "#client/signalbox-client.ts";
import { compressedArrivals, demoConversations, traceArrivalsMs } from "#cli/demo/conversations.ts";
import { everyTalk, runTraffic, type PlannedTalk } from "#cli/demo/run-traffic.ts";
import { summary } from "#cli/demo/summary.ts";
import type { TurnResult } from "#cli/demo/talk.ts";
import type { Output } from "#cli/output.ts";
import { startFromEnvironment } from "#cli/up.ts";
import { untilStopped } from "#cli/until-stopped.ts";
import type { Environment } from "#environment/environment.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { z } from "zod";

/** The Gemini models that the demonstration talks to. */
export const demoModels = ["gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-4-argon"] as const;

/** Settings of `signalbox demo`. */
export interface DemoOptions {
  /** Conversations to hold. */
  readonly requests: number;
  /** How long they take, s. */
  readonly seconds: number;
}

/**
 * `signalbox demo`: the MT-Bench and IFEval prompts, through both dialects, at the pace of a real service, so that a
 * new installation has something to look at. Uses the Signalbox that runs, or runs one and leaves it on.
 */
export async function runDemo(environment: Environment, options: DemoOptions, output: Output): Promise<void> {
  const apiKey = environment.apiKey?.reveal();
  if (await answers(environment.serverUrl)) {
    return sendTraffic({ url: environment.serverUrl, apiKey }, options, output);
  }
  await using signalbox = await startFromEnvironment(environment);
  output.note(`No Signalbox answered at ${environment.serverUrl}: started one at ${signalbox.url}`);
  await sendTraffic({ url: signalbox.url, apiKey }, options, output);
  output.note(`Look at ${signalbox.url}/api/requests and ${signalbox.url}/playground; Ctrl-C ends Signalbox`);
  await untilStopped();
}

/** Whether something that serves is there; nothing at all is the usual case of a new installation. */
async function answers(url: string): Promise<boolean> {
  try {
    await callControlPlane({ url, apiKey: undefined }, { method: "GET", path: "/livez" }, z.unknown());
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.kind === "unreachable") return false;
    throw error;
  }
}

async function sendTraffic(
  server: { readonly url: string; readonly apiKey: string | undefined },
  options: DemoOptions,
  output: Output,
): Promise<void> {
  const talks = await plannedTalks(server, options);
  const results: TurnResult[] = [];
  output.note(`Holding ${talks.length} conversations in about ${options.seconds} s`);
  await runTraffic(
    talks,
    (result) => results.push(result),
    (delayMs) => wait(delayMs),
  );
  output.result(summary(results));
  if (results.some(({ ok }) => !ok)) {
    throw new AppError(
      "upstream-failed",
      `Cannot finish the demonstration: ${results.filter(({ ok }) => !ok).length} answers were lost`,
    );
  }
}

/** As many talks as wanted, spread evenly over prompts, models and dialects, at the trace's arrivals. */
async function plannedTalks(
  server: { readonly url: string; readonly apiKey: string | undefined },
  { requests, seconds }: DemoOptions,
): Promise<readonly PlannedTalk[]> {
  const all = everyTalk({ conversations: await demoConversations(), models: demoModels, ...server });
  const stride = Math.max(1, Math.floor(all.length / Math.max(1, requests)));
  // The stride shares no factor with the six ways to hold a conversation, or some of them would never be met.
  const odd = coprimeWithSix(stride);
  const chosen = Array.from({ length: requests }, (_, at) => all[(at * odd) % all.length]).filter(
    (talk) => talk !== undefined,
  );
  const arrivals = compressedArrivals(await traceArrivalsMs(), {
    count: chosen.length,
    spanMs: seconds * 1_000,
  });
  return chosen.map((talk, at) => ({ ...talk, atMs: arrivals[at] ?? 0 }));
}

function coprimeWithSix(stride: number): number {
  let candidate = stride;
  while (candidate % 2 === 0 || candidate % 3 === 0) candidate++;
  return candidate;
}
