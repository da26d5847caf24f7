import { expect, test } from "vitest";
import { jsonArrayElement, jsonArrayEnd } from "./write-json-array.ts";

test.each([[[]], [['{"a":1}']], [['{"a":1}', '{"b":[2]}', "null"]]])(
  "payloads %j become one JSON array",
  (payloads) => {
    const text = payloads.map((payload, index) => jsonArrayElement(payload, index === 0)).join("");
    expect(JSON.parse(text + jsonArrayEnd(payloads.length === 0))).toEqual(
      payloads.map((payload): unknown => JSON.parse(payload)),
    );
  },
);
