import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonArrayFraming, namedSseFraming, sseFraming } from "#features/gateway/framing.ts";

describe("framed as one JSON array", () => {
  test("any payloads, none too, are its elements in order", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const framing = jsonArrayFraming();
        const text = values.map((value) => framing.frame(JSON.stringify(value))).join("") + framing.close();
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  test("two answers at once do not share where they stand", () => {
    const [one, other] = [jsonArrayFraming(), jsonArrayFraming()];
    expect(JSON.parse(one.frame("1") + one.close())).toEqual([1]);
    expect(JSON.parse(other.frame("2") + other.close())).toEqual([2]);
  });
});

test("framed as events, a payload is one frame and the end adds nothing", () => {
  const framing = sseFraming();
  expect(framing.frame('{"a":1}') + framing.close()).toBe('data: {"a":1}\n\n');
  expect(framing.contentType).toContain("text/event-stream");
});

test("named events take their names from the type that payloads begin with", () => {
  const framing = namedSseFraming();
  expect(framing.frame('{"type":"response.created","a":1}')).toBe(
    'event: response.created\ndata: {"type":"response.created","a":1}\n\n',
  );
  expect(() => framing.frame('{"a":1}')).toThrow("type");
});
