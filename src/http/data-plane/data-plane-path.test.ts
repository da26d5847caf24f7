import { describe, expect, test } from "vitest";
import { dataPlaneRoute } from "#http/data-plane/data-plane-path.ts";

function targetOf(url: string) {
  const { pathname, searchParams } = new URL(url, "http://gateway");
  return dataPlaneRoute(pathname, searchParams)?.target;
}

describe("data-plane paths", () => {
  test("OpenAI's chat is served plain, under /openai, and where Google serves its OpenAI face", () => {
    for (const path of [
      "/v1/chat/completions",
      "/openai/v1/chat/completions",
      "/v1beta/openai/chat/completions",
      "/gemini/v1beta/openai/chat/completions",
    ]) {
      expect(targetOf(path)).toEqual({
        operation: "chat",
        dialect: "openai-chat",
        path: {},
        framing: "sse",
      });
    }
  });

  test("Gemini's calls are served under every version and under /gemini", () => {
    for (const prefix of ["/v1", "/v1beta", "/v1alpha", "/gemini/v1", "/gemini/v1beta"]) {
      expect(targetOf(`${prefix}/models/gemini-3.8-flash:generateContent`)).toEqual({
        operation: "chat",
        dialect: "gemini",
        path: { model: "gemini-3.8-flash", stream: false },
        framing: "sse",
      });
    }
  });

  test("alt=sse asks for events, its absence for an array", () => {
    expect(targetOf("/v1beta/models/m:streamGenerateContent?alt=sse")).toMatchObject({
      path: { stream: true },
      framing: "sse",
    });
    expect(targetOf("/v1beta/models/m:streamGenerateContent")).toMatchObject({
      path: { stream: true },
      framing: "json-array",
    });
  });

  test("the Responses API is served plain and under /openai; what it would keep is not, with the reason", () => {
    for (const prefix of ["/v1", "/openai/v1"]) {
      expect(targetOf(`${prefix}/responses`)).toEqual({
        operation: "chat",
        dialect: "openai-responses",
        path: {},
        framing: "named-sse",
      });
      expect(targetOf(`${prefix}/responses/input_tokens`)).toEqual({
        operation: "count-tokens",
        dialect: "openai-responses",
        path: {},
      });
      for (const kept of ["resp_1", "resp_1/cancel", "resp_1/input_items", "compact"]) {
        expect(targetOf(`${prefix}/responses/${kept}`)).toEqual({
          operation: "unknown",
          dialect: "openai-responses",
          why: expect.stringContaining("go on from it"),
        });
      }
    }
  });

  test("model names may hold slashes, encoded or not", () => {
    expect(targetOf("/v1beta/models/google%2Fgemma:generateContent")).toMatchObject({
      path: { model: "google/gemma" },
    });
    expect(targetOf("/v1/models/google/gemma")).toEqual({
      operation: "model",
      dialect: undefined,
      model: "google/gemma",
    });
  });

  test("the shared list of models names no dialect, the others do", () => {
    expect(targetOf("/v1/models")).toEqual({ operation: "models", dialect: undefined });
    expect(targetOf("/v1beta/models")).toEqual({ operation: "models", dialect: "gemini" });
    expect(targetOf("/openai/v1/models")).toEqual({ operation: "models", dialect: "openai-chat" });
    expect(targetOf("/v1beta/openai/models")).toEqual({ operation: "models", dialect: "openai-chat" });
  });

  test("Anthropic's calls are served plain and under /anthropic, its list of models under /anthropic", () => {
    for (const prefix of ["/v1", "/anthropic/v1"]) {
      expect(targetOf(`${prefix}/messages`)).toEqual({
        operation: "chat",
        dialect: "anthropic",
        path: {},
        framing: "named-sse",
      });
      expect(targetOf(`${prefix}/messages/count_tokens`)).toEqual({
        operation: "count-tokens",
        dialect: "anthropic",
        path: {},
      });
    }
    expect(targetOf("/anthropic/v1/models")).toEqual({ operation: "models", dialect: "anthropic" });
    expect(targetOf("/anthropic/v1/models/a%2Fb")).toEqual({
      operation: "model",
      dialect: "anthropic",
      model: "a/b",
    });
  });

  test.each([
    ["/v1/chat", "openai-chat"],
    ["/v1/modelsx", "openai-chat"],
    ["/openai/v1/files", "openai-chat"],
    ["/v1beta/openai/batches", "openai-chat"],
    ["/v1beta/models/m:unknownAction", "gemini"],
    ["/v1beta/files", "gemini"],
    ["/gemini/upload", "gemini"],
    ["/v1/messages/batches", "anthropic"],
    ["/anthropic/v1/files", "anthropic"],
    ["/anthropic/v2/messages", "anthropic"],
    ["/v1/messagesx", "openai-chat"],
  ])("%s is not served, and its client learns it in the dialect %s", (path, dialect) => {
    expect(targetOf(path)).toEqual({ operation: "unknown", dialect });
  });

  test.each(["/", "/v1", "/api/models", "/docs", "/v1/chains/summarise/invoke", "/v1/feedback", "/v2/chat"])(
    "%s is not of the data plane",
    (path) => {
      expect(targetOf(path)).toBeUndefined();
    },
  );
});

describe("paths of what a Gemini provider keeps", () => {
  const callsOf = (url: string) => {
    const target = targetOf(url);
    return target?.operation === "resource" ? target.calls : target?.operation;
  };

  test("mean one call for each method they take", () => {
    expect(callsOf("/v1beta/cachedContents")).toEqual([
      { kind: "cached-content", action: "create", query: "" },
      { kind: "cached-content", action: "list", query: "" },
    ]);
    expect(callsOf("/gemini/v1beta/cachedContents/google~a")).toEqual([
      { kind: "cached-content", action: "get", id: "google~a", query: "" },
      { kind: "cached-content", action: "update", id: "google~a", query: "" },
      { kind: "cached-content", action: "delete", id: "google~a", query: "" },
    ]);
    expect(callsOf("/v1alpha/batches/b:cancel")).toEqual([
      { kind: "batch", action: "cancel", id: "b", query: "" },
    ]);
    expect(callsOf("/v1beta/interactions/i/cancel")).toEqual([
      { kind: "interaction", action: "cancel", id: "i", query: "" },
    ]);
    expect(callsOf("/v1/models/chat:batchGenerateContent")).toEqual([
      { kind: "batch", action: "create", model: "chat", query: "" },
    ]);
  });

  test("pass on what they ask for, and no credential", () => {
    expect(callsOf("/v1beta/batches?pageSize=2&key=secret&access_token=x&pageToken=a%20b")).toEqual([
      { kind: "batch", action: "list", query: "pageSize=2&pageToken=a+b" },
    ]);
  });

  test("under /v1 only the credential tells whose they are", () => {
    expect(targetOf("/v1/batches")).toMatchObject({ operation: "resource", dialect: undefined });
    expect(targetOf("/gemini/v1/batches")).toMatchObject({ operation: "resource", dialect: "gemini" });
    expect(targetOf("/openai/v1/batches")).toEqual({ operation: "unknown", dialect: "openai-chat" });
  });

  test.each([
    "/v1beta/batches/b/cancel",
    "/v1beta/batches/google~..",
    "/v1beta/batches/google~%2e%2E",
    "/v1beta/cachedContents/.",
    "/v1beta/interactions/i:cancel",
    "/v1beta/cachedContents/c:cancel",
    "/v1beta/files/f",
  ])("%s is none of them", (path) => {
    expect(targetOf(path)).toEqual({ operation: "unknown", dialect: "gemini" });
  });
});
