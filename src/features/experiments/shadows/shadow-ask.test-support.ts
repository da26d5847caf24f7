import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { PreparedOffline, ShadowAsk } from "#features/gateway/index.ts";
import { testRecord } from "../../../../test/support/request-records.ts";

type OfflineEnd = Awaited<ReturnType<PreparedOffline["run"]>>;

/** An answer that says this. */
export function saying(text: string): ChatResponse {
  return {
    candidates: [{ index: 0, parts: [{ type: "text", text }], finish: { reason: "stop", raw: "stop" } }],
  };
}

/** A call that ends as a test says: when it is told to, or when it is aborted. */
export class FakeCall implements PreparedOffline {
  readonly predicted: number | undefined;
  isUnderWay = false;
  #end: ((end: OfflineEnd) => void) | undefined;

  constructor(predicted: number | undefined = 100) {
    this.predicted = predicted;
  }

  run(signal: AbortSignal): Promise<OfflineEnd> {
    this.isUnderWay = true;
    return new Promise((resolve) => {
      this.#end = resolve;
      signal.addEventListener("abort", () => this.end({ record: testRecord({ outcome: "aborted" }) }));
    });
  }

  end(end: OfflineEnd): void {
    this.isUnderWay = false;
    this.#end?.(end);
  }
}

/** A call that is over as soon as it is made. */
export function answeredCall(end: OfflineEnd, predicted = 100): PreparedOffline {
  return { predicted, run: async () => end };
}

/** A request that is to be answered once more. */
export function testAsk({
  shadow = ok(answeredCall({ record: testRecord() })),
  judge = () => failed("nobody is asked"),
  ...ask
}: Omit<Partial<ShadowAsk>, "shadow" | "judge"> & {
  readonly shadow?: Result<PreparedOffline, string>;
  readonly judge?: (request: ChatRequest) => Result<PreparedOffline, string>;
} = {}): ShadowAsk {
  return {
    choice: {
      name: "quiet",
      phase: 1,
      treatment: "argon",
      control: "flash",
      unit: { name: "u", kind: "unit", stable: true },
      isJudged: false,
    },
    unit: "hidden",
    record: testRecord(),
    request: {
      model: "chat",
      stream: false,
      messages: [{ role: "user", parts: [{ type: "text", text: "Why is the sky blue?" }] }],
      tools: [],
      toolChoice: { type: "default" },
      output: { type: "text" },
      parameters: {},
      thinking: {},
      safety: [],
      includeUsage: false,
    },
    bytes: 10,
    shadow: () => shadow,
    judge,
    ...ask,
  };
}
