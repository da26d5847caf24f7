import { describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { createLogger } from "./logger.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  write(createLogger({ level: "debug", destination: { write: (line) => void lines.push(line) } }));
  return { text: lines.join(""), entries: lines.map((line) => JSON.parse(line)) };
}

describe("the log", () => {
  test("is one JSON object a line with level, time and message", () => {
    const { entries } = logged((log) => log.child({ reqId: "r1" }).info({ status: 200 }, "call served"));
    expect(entries).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        reqId: "r1",
        status: 200,
        msg: "call served",
      },
    ]);
  });

  test.each([
    ["a header of keys", { headers: { authorization: "Bearer secret-1", "x-goog-api-key": "secret-2" } }],
    ["the header of Anthropic's clients", { headers: { "x-api-key": "secret-1" } }],
    ["a header at the top", { authorization: "Bearer secret-1" }],
    ["a field of a provider", { provider: { api_key: "secret-1" } }],
    ["a key deep inside", { a: { b: { apiKey: "secret-1" } } }],
    [
      "the query of a request",
      { req: { method: "GET", url: "/v1/models?key=secret-1", headers: { cookie: "secret-2" } } },
    ],
    ["a key in a text", { note: "asked https://x/v1?alt=sse&key=secret-1 with Bearer secret-2" }],
    ["Google's key in a text", { note: `AIza${"secret-".repeat(6)}` }],
    ["a password in an address", { note: "postgres://user:secret-1@db/x" }],
    ["a parser's error, which quotes its input", { err: jsonError('{"prompt": secret-1}') }],
    [
      "the properties of a database's error",
      { err: Object.assign(new Error("duplicate key"), { detail: "secret-1" }) },
    ],
    ["a thrown text", { err: "secret-1" }],
  ])("blanks %s", (_name, fields) => {
    const { text, entries } = logged((log) => log.error(fields, "failed"));
    expect(entries).toHaveLength(1);
    expect(text).not.toContain("secret-");
  });

  test("tells an error with its code, frames and causes", () => {
    const error = new AppError("store-unavailable", "Cannot reach the store", {
      cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
    });
    const { entries } = logged((log) => log.error({ err: error }, "failed"));
    expect(entries[0].err).toMatchObject({
      type: "AppError",
      code: "store-unavailable",
      message: "Cannot reach the store",
      stack: expect.stringContaining("logger.test.ts"),
      cause: { message: "refused", code: "ECONNREFUSED" },
    });
  });

  test("an error that causes itself is told to a depth, not for ever", () => {
    const error = new Error("round");
    error.cause = error;
    expect(
      logged((log) => log.error({ err: error }, "failed")).text.match(/"message":"round"/g),
    ).toHaveLength(5);
  });

  test("below its level it says nothing", () => {
    const lines: string[] = [];
    createLogger({ level: "warn", destination: { write: (line) => void lines.push(line) } }).info("quiet");
    expect(lines).toEqual([]);
  });
});

function jsonError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
