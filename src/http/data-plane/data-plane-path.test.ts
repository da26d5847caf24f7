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
      expect(targetOf(path)).toEqual({ operation: "chat", dialect: "openai-chat" });
    }
  });

  test("Gemini's calls are served under every version and under /gemini", () => {
    for (const prefix of ["/v1", "/v1beta", "/v1alpha", "/gemini/v1", "/gemini/v1beta"]) {
      expect(targetOf(`${prefix}/models/gemini-3.8-flash:generateContent`)).toEqual({
        operation: "chat",
        dialect: "gemini",
        model: "gemini-3.8-flash",
        stream: false,
        sse: false,
      });
    }
  });

  test("alt=sse asks for events, its absence for an array", () => {
    expect(targetOf("/v1beta/models/m:streamGenerateContent?alt=sse")).toMatchObject({
      stream: true,
      sse: true,
    });
    expect(targetOf("/v1beta/models/m:streamGenerateContent")).toMatchObject({ stream: true, sse: false });
  });

  test("model names may hold slashes, encoded or not", () => {
    expect(targetOf("/v1beta/models/google%2Fgemma:generateContent")).toMatchObject({
      model: "google/gemma",
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

  test("anything else is not of the data plane", () => {
    for (const path of [
      "/",
      "/v1",
      "/v1/chat",
      "/v1/modelsx",
      "/api/models",
      "/v1beta/models/m:unknownAction",
      "/docs",
    ]) {
      expect(targetOf(path)).toBeUndefined();
    }
  });
});
