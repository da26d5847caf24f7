import { expect, test } from "vitest";
import { errorName, errorPlace } from "./error-place.ts";

const trap = (): never => {
  throw new Error("looked at");
};

test("an error is told by its class and place, without its words", () => {
  const error = new RangeError("secret words");
  expect(errorName(error)).toBe("RangeError");
  const place = errorPlace(error);
  expect(`${place?.name} ${place?.message} ${place?.stack}`).toMatch(/^RangeError its .* at /s);
  expect(`${place?.message} ${place?.stack}`).not.toContain("secret words");
  expect(errorName("text")).toBe("something of type string");
  expect(errorPlace("text")).toBeUndefined();
});

test.each([
  ["a thing that throws", new Proxy({}, { get: trap, getPrototypeOf: trap })],
  ["an error that throws", new Proxy(new Error("x"), { get: trap })],
  ["an error whose fields are no texts", Object.assign(new Error("x"), { name: 7, stack: {} })],
])("%s when it is looked at is told, too", (_what, error) => {
  expect(errorName(error)).toBe("something that cannot be read");
  expect(errorPlace(error)?.stack).toBe("its message may hold content and is left out");
});
