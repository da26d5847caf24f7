import { expect, test } from "vitest";
import { orderFor, type Target, type Workload } from "./workload.ts";

const upstream: Target = { name: "direct", kind: "yardstick", port: 1, key: "k" };
const signalbox: Target = { name: "postgres", kind: "signalbox", port: 2, pid: 3, key: "k" };

function pathAndModel(target: Target, workload: Workload, stream: boolean) {
  const order = orderFor(target, { workload, size: "2KB", stream }, { connections: 1, durationMs: 1 });
  return [order.path, order.shape.dialect, order.shape.model];
}

test("the yardsticks are asked at the upstream's own paths, in the client's dialect", () => {
  expect(pathAndModel(upstream, "pass-openai", false)).toEqual([
    "/whole/v1/chat/completions",
    "openai-chat",
    "bench-model",
  ]);
  expect(pathAndModel(upstream, "translate", true)).toEqual([
    "/paced/v1/chat/completions",
    "openai-chat",
    "bench-model",
  ]);
  expect(pathAndModel(upstream, "pass-gemini", true)).toEqual([
    "/paced/v1beta/models/bench-model:streamGenerateContent?alt=sse",
    "gemini",
    "bench-model",
  ]);
});

test("Signalbox is asked by route, at the paths of its own interface", () => {
  expect(pathAndModel(signalbox, "pass-openai", false)).toEqual([
    "/v1/chat/completions",
    "openai-chat",
    "openai-whole",
  ]);
  expect(pathAndModel(signalbox, "translate", true)).toEqual([
    "/v1/chat/completions",
    "openai-chat",
    "gemini-paced",
  ]);
  expect(pathAndModel(signalbox, "pass-gemini", false)).toEqual([
    "/v1beta/models/gemini-whole:generateContent",
    "gemini",
    "gemini-whole",
  ]);
});
