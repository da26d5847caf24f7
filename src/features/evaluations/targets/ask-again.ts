import type { Timers } from "#core/kernel/timers.ts";
import type { ModelReply } from "./model-reply.ts";

/** Calls for one answer, at most: overload and broken connections are tried again. */
const attemptsMax = 4;
/** The first wait before another try, ms; doubled each time. */
const backoffMs = 500;

/** Asks once, and again where it may help. Never rejects. */
export async function askAgain(
  { timers, signal }: { readonly timers: Timers; readonly signal: AbortSignal },
  ask: () => Promise<ModelReply>,
): Promise<ModelReply> {
  for (let attempt = 1; ; attempt++) {
    const reply = await ask();
    if (reply.kind === "answered" || !reply.retryable) return reply;
    if (attempt === attemptsMax || signal.aborted) return reply;
    await wait(timers, Math.max(reply.waitMs ?? 0, backoffMs * 2 ** (attempt - 1)), signal);
  }
}

async function wait(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const stop = () => over.resolve();
  const timer = timers.after(delayMs, stop);
  signal.addEventListener("abort", stop, { once: true });
  await over.promise;
  signal.removeEventListener("abort", stop);
  timer.cancel();
}
