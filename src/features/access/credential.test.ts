import { expect, test } from "vitest";
import { credentialOf } from "./credential.ts";

const none = new URLSearchParams();

test.each([
  [{ authorization: "Bearer k1" }, "k1"],
  [{ authorization: "bearer   k1 " }, "k1"],
  [{ "x-goog-api-key": "k2" }, "k2"],
  [{ "x-api-key": "k3" }, "k3"],
  [{ authorization: "Basic dTpw", "x-api-key": "k3" }, "k3"],
  [{ authorization: "Bearer ", "x-goog-api-key": "k2" }, "k2"],
  [{ authorization: "Bearer k1", "x-goog-api-key": "k2" }, "k1"],
  [{}, undefined],
  [{ "x-api-key": "" }, undefined],
])("headers %j bring %j", (headers, expected) => {
  expect(credentialOf(headers, none)).toBe(expected);
});

test("?key= counts where no header brings one", () => {
  expect(credentialOf({}, new URLSearchParams("key=k4"))).toBe("k4");
  expect(credentialOf({ "x-goog-api-key": "k2" }, new URLSearchParams("key=k4"))).toBe("k2");
  expect(credentialOf({}, new URLSearchParams("key="))).toBeUndefined();
});

test("a credential of a megabyte is not hashed whole", () => {
  expect(credentialOf({ "x-api-key": "k".repeat(1_000_000) }, none)).toHaveLength(512);
});
