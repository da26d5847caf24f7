import type { UpstreamHandle, UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { renewedFailure } from "#features/gateway/renewed-failure.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Most of an error's body that is read, bytes. */
const errorBytesMax = 65_536;

/** What of a rung a probe needs. */
export type ProbeTarget = Pick<
  Rung,
  | "deployment"
  | "provider"
  | "dialect"
  | "model"
  | "baseUrl"
  | "headers"
  | "missingCredential"
  | "rejected"
  | "privateNetwork"
>;

/** How a probe went. */
export type ProbeResult =
  | { readonly outcome: "passed"; readonly totalMs: number }
  | { readonly outcome: "failed"; readonly failure: UpstreamFailure; readonly totalMs: number };

/** What a probe needs of the world. */
export interface ProbeWorld {
  readonly upstream: UpstreamPort;
  readonly timers: Timers;
  readonly clock: Clock;
}

/** Makes an unbilled call and tells how it went, within the time allowed. Never rejects. */
export function probeCall(world: ProbeWorld, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  const startedMs = world.clock.monotonicMs();
  return new Promise((resolve) => {
    const end = (failure: UpstreamFailure | undefined): void => {
      const totalMs = world.clock.monotonicMs() - startedMs;
      resolve(failure ? { outcome: "failed", failure, totalMs } : { outcome: "passed", totalMs });
    };
    const missing = target.missingCredential?.();
    if (missing) end(missing);
    else call(world, target, timeoutMs, end);
  });
}

function call(
  world: ProbeWorld,
  target: ProbeTarget,
  timeoutMs: number,
  end: (failure: UpstreamFailure | undefined) => void,
): void {
  const { client } = target.dialect;
  const { method, path, body } = client.unbilledCall(target.model.id);
  const { baseUrl, headers, privateNetwork } = target;
  const under: { handle?: UpstreamHandle } = {};
  let error: ErrorAnswer | undefined;
  let isOver = false;
  const over = (failure: UpstreamFailure | undefined): void => {
    if (isOver) return;
    isOver = true;
    timer.cancel();
    under.handle?.abort();
    end(failure);
  };
  const timer = world.timers.after(timeoutMs, () =>
    over({ kind: "total-timeout", message: `A probe got no answer within ${timeoutMs} ms` }),
  );
  const refusal = (): UpstreamFailure | undefined => {
    if (!error) return undefined;
    const failure = client.decodeError(error.status, error.headers, error.body, world.clock.nowMs());
    return renewedFailure(failure, target, headers);
  };
  under.handle = world.upstream.send(
    { method, url: baseUrl + path, headers, body, privateNetwork },
    {
      sent: () => undefined,
      started(status, answered) {
        // What a good answer says is of no interest, however long.
        if (status < 300) over(undefined);
        else error = { status, headers: answered, body: "" };
      },
      data(chunk) {
        if (!error) return;
        error.body += Buffer.from(chunk).toString("utf8");
        if (error.body.length > errorBytesMax) over(refusal());
      },
      ended: () => over(refusal()),
      failed: (kind, message) => over({ kind, message }),
    },
  );
  // It may have been over before there was anything to abort.
  if (isOver) under.handle.abort();
}

interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  body: string;
}
