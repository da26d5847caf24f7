import { expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import type { FeedbackService } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { controlPlaneWorld } from "./control-plane.test-support.ts";
import { feedbackEndpoints } from "./feedback-endpoints.ts";

/** The endpoint that takes feedback, under another path, with a service that fails. */
function failing(reason: Error): ServedEndpoint {
  const fail = () => Promise.reject(reason);
  const service: FeedbackService = {
    give: fail,
    list: fail,
    get: fail,
    summary: fail,
    feedbackMoments: fail,
    feedbackQuantile: fail,
    judgedMoments: fail,
    feedbackNames: fail,
  };
  const [give] = feedbackEndpoints(service);
  if (!give) throw new Error("There is no endpoint");
  return { ...give, path: "/v1/failing" };
}

test.each([[{ unit: "u", score: 1 }], [[{ unit: "u", score: 1 }]]])(
  "a database that is away is 503 with a time to come again, for %j",
  async (payload) => {
    const away = new AppError("store-unavailable", "Cannot keep feedback: the database gave no answer", {
      retryable: true,
    });
    const { app } = await controlPlaneWorld([failing(away)]);
    const answer = await app.inject({ method: "POST", url: "/v1/failing", payload });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(answer.json()).toMatchObject({ code: "store-unavailable", retryable: true });
  },
);

test("a mistake of ours is no promise that it helps to come again", async () => {
  const { app, logLines } = await controlPlaneWorld([failing(new Error("a mistake"))]);
  const payload = { unit: "u", comment: "planted secret" };
  const answer = await app.inject({ method: "POST", url: "/v1/failing", payload });
  expect(answer.statusCode).toBe(500);
  expect(answer.headers["retry-after"]).toBeUndefined();
  expect(answer.body + logLines.join("")).not.toContain("planted secret");
});

test("whatever is wrong with a list, the log and the answers hold nothing of what it says", async () => {
  const { app, logLines } = await controlPlaneWorld();
  const payload = [
    { unit: "planted secret", comment: "planted secret", score: "planted secret" },
    { label: "planted secret" },
    "planted secret",
  ];
  const answer = await app.inject({ method: "POST", url: "/v1/feedback", payload });
  expect(answer.statusCode).toBe(207);
  expect(answer.json().results.map(({ status }: { status: number }) => status)).toEqual([400, 400, 400]);
  expect(answer.body + logLines.join("")).not.toContain("planted");
});
