import { describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { appErrorOf, InvalidFieldsError, problemOf, statusOf } from "./problem.ts";

describe("problems", () => {
  test("a client's error tells its text, fields and status", () => {
    const fields = [{ field: "query.limit", wanted: "at most 200", actual: "the number 5000" }];
    expect(problemOf(new InvalidFieldsError("Cannot list: limit is too large", fields), "r1")).toEqual({
      type: "urn:signalbox:problem:invalid-request",
      title: "Invalid request",
      status: 400,
      detail: "Cannot list: limit is too large",
      code: "invalid-request",
      request_id: "r1",
      retryable: false,
      errors: fields,
    });
  });

  test.each(["internal", "store-unavailable", "upstream-failed", "upstream-timeout", "overloaded"] as const)(
    "%s tells nothing of the inside",
    (code) => {
      const problem = problemOf(new AppError(code, "Cannot reach 10.0.0.7"), "r1");
      expect(statusOf(code)).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(problem)).not.toContain("10.0.0.7");
      expect(problem.detail).toContain("r1");
    },
  );

  test("anything that is no error of ours is internal, and keeps its cause for the log", () => {
    const thrown = new TypeError("x is undefined");
    expect(appErrorOf(thrown)).toMatchObject({ code: "internal", cause: thrown });
  });
});
