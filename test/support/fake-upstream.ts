import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";

/** One call as the fake saw it; the test plays the provider's part through `listener`. */
export interface SeenCall {
  readonly call: UpstreamCall;
  readonly listener: UpstreamListener;
  aborted: boolean;
  paused: boolean;
}

/** A provider whose answers the test writes by hand. */
export class FakeUpstream implements UpstreamPort {
  readonly calls: SeenCall[] = [];

  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    const seen: SeenCall = { call, listener, aborted: false, paused: false };
    this.calls.push(seen);
    return {
      abort: () => (seen.aborted = true),
      pause: () => (seen.paused = true),
      resume: () => (seen.paused = false),
    };
  }

  /** The newest call. */
  get last(): SeenCall {
    const call = this.calls.at(-1);
    if (!call) throw new Error("No upstream call was made");
    return call;
  }

  /** Begins a stream as the newest call's answer. */
  startStream(): void {
    this.last.listener.started(200, { "content-type": "text/event-stream" });
  }

  /** Sends frames as the newest call's answer. */
  frames(...payloads: readonly unknown[]): void {
    for (const payload of payloads) {
      const text = typeof payload === "string" ? payload : JSON.stringify(payload);
      this.last.listener.data(Buffer.from(`data: ${text}\n\n`));
    }
  }

  /** Answers the newest call with a whole body. */
  answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const { listener } = this.last;
    listener.started(status, { "content-type": "application/json", ...headers });
    listener.data(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)));
    listener.ended();
  }
}

/** What the body of a call says. */
export function bodyText(body: UpstreamCall["body"]): string {
  if (typeof body === "string") return body;
  return Buffer.concat(body instanceof Uint8Array ? [body] : body).toString("utf8");
}
