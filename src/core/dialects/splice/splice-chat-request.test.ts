import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spliceChatRequest, spliceReadRequest } from "./splice-chat-request.ts";
import { jsonString, jsonText, objectText, type JsonText } from "../../../../test/support/json-text.ts";

function spliced(text: string, includeUsage = false): string | undefined {
  return written(spliceChatRequest(Buffer.from(text, "utf8"), { model: "new", includeUsage }));
}

function written(body: ReturnType<typeof spliceChatRequest>): string | undefined {
  if (body === undefined) return undefined;
  return (Buffer.isBuffer(body) ? body : Buffer.concat(body)).toString("utf8");
}

describe("spliceChatRequest", () => {
  test("only the top-level model changes, white space and nested keys stay", () => {
    const text =
      ' {\n "messages" : [{"model":"inner","content":"say \\"model\\": \\"x\\" 🛰️"}],\t"model" :"old" } ';
    expect(spliced(text)).toBe(text.replace('"old"', '"new"'));
  });

  test("behind and before texts of any length the same is changed", () => {
    const long = JSON.stringify('é"\\'.repeat(20_000));
    const text = `{"messages":[${long},{"model":${long}}],"model":"old","x":${long},"stream_options":{}}`;
    expect(spliced(text, true)).toBe(
      text.replace('"old"', '"new"').replace('"stream_options":{', '"stream_options":{"include_usage":true'),
    );
    expect(spliced(`{"model":${long}}`)).toBe('{"model":"new"}');
  });

  test("a key written with escapes is the same key", () => {
    expect(spliced('{"m\\u006fdel":"old"}')).toBe('{"m\\u006fdel":"new"}');
  });

  test("a model given twice is replaced twice, so that no parser sees the first", () => {
    expect(spliced('{"model":"a","model":"b"}')).toBe('{"model":"new","model":"new"}');
  });

  test("usage is asked for: inserted, set, or put in place of null", () => {
    expect(spliced('{"model":"a"}', true)).toBe('{"stream_options":{"include_usage":true},"model":"new"}');
    expect(spliced('{"stream_options":{},"model":"a"}', true)).toBe(
      '{"stream_options":{"include_usage":true},"model":"new"}',
    );
    expect(spliced('{"model":"a","stream_options":{"x":1,"include_usage":false}}', true)).toBe(
      '{"model":"new","stream_options":{"x":1,"include_usage":true}}',
    );
    expect(spliced('{"model":"a","stream_options":null}', true)).toBe(
      '{"model":"new","stream_options":{"include_usage":true}}',
    );
  });

  test.each([
    "",
    "null",
    "[]",
    '"model"',
    "{",
    '{"model"',
    '{"model":',
    '{"model":"a"',
    '{"model":"a"} x',
    "{}",
    '{"n":1}',
  ])("%j has no model to replace", (text) => {
    expect(spliced(text)).toBeUndefined();
  });

  test("stream options of another kind are left to the decoder's error", () => {
    expect(spliced('{"model":"a","stream_options":5}', true)).toBeUndefined();
  });

  test("any bytes at all are answered without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, includeUsage) => {
        const result = spliceChatRequest(Buffer.from(bytes), { model: "new", includeUsage });
        expect(["string", "undefined"]).toContain(typeof written(result));
      }),
    );
  });

  test("any cut of a request is answered without a throw", () => {
    const whole = Buffer.from('{"a":["\\"",{"b":1}],"model":"x","stream_options":{"include_usage":false}}');
    for (let end = 0; end < whole.length; end++) {
      expect(spliceChatRequest(whole.subarray(0, end), { model: "new", includeUsage: true })).toBeUndefined();
    }
  });

  test("law: parsed, it is the request with the model replaced; as text, nothing else differs", () => {
    fc.assert(
      fc.property(requests(), ({ before, model, after, gap }) => {
        const request = objectText([...before, member("model", model), ...after], gap);
        const result = spliced(request.text);
        expect(JSON.parse(result ?? "")).toEqual({ ...(request.value as object), model: "new" });
        const wanted = objectText([...before, member("model", quoted("new")), ...after], gap);
        expect(result).toBe(wanted.text);
      }),
    );
  });

  test("law: with usage asked for, parsed, it is the request with both fields set", () => {
    fc.assert(
      fc.property(
        requests(),
        fc.option(options(), { nil: undefined }),
        ({ before, model, after, gap }, given) => {
          const more = given ? [member("stream_options", given)] : [];
          const request = objectText([...before, ...more, member("model", model), ...after], gap);
          const streamOptions = { ...(given?.value as object | undefined), include_usage: true };
          expect(JSON.parse(spliced(request.text, true) ?? "")).toEqual({
            ...(request.value as object),
            model: "new",
            stream_options: streamOptions,
          });
        },
      ),
    );
  });
});

describe("spliceReadRequest", () => {
  const splices = fc.record({ model: fc.constantFrom("new", 'é"1'), includeUsage: fc.boolean() });
  const bodies = fc.tuple(requests(), fc.option(options(), { nil: undefined }), jsonString);

  test("law: what was read is spliced as any bytes are", () => {
    fc.assert(
      fc.property(bodies, splices, ([{ before, after, gap }, given, model], splice) => {
        const more = given ? [member("stream_options", given)] : [];
        const body = Buffer.from(
          objectText([...before, member("model", model), ...more, ...after], gap).text,
        );
        expect(written(spliceReadRequest(body, splice))).toBe(written(spliceChatRequest(body, splice)));
      }),
    );
  });

  test.each([
    ['{"model":"a","x":"model"}', "the name as a text"],
    ['{"x":{"model":"b"},"model":"a"}', "the name as a key inside"],
    ['{"x":"say \\"model\\": \\"b\\"","model":"a"}', "the name quoted in a text"],
    ['{"model":"a","mod\\u0065l":"b"}', "the name written with an escape"],
    ['{"model":"a","stream\\u005foptions":{}}', "the options written with an escape"],
    ['{"model":"a","stream_options":null}', "options"],
    ['{"model":"a","model":"b"}', "the name twice"],
    ['\n{ "model" :\t"a\\\\\\"",\r"y":1}', "white space and escaped quotes"],
    [`{"x":${JSON.stringify("é".repeat(70_000))},"model":"a"}`, "a text that is cut out before it"],
    [`{"model":"${"a".repeat(70_000)}"}`, "a name that is cut out"],
  ])("is the same for %s: %s", (text) => {
    for (const includeUsage of [false, true]) {
      const splice = { model: "new", includeUsage };
      const body = Buffer.from(text);
      expect(written(spliceReadRequest(body, splice))).toBe(written(spliceChatRequest(body, splice)));
    }
  });

  test("small bodies come whole, large ones in pieces that share their memory", () => {
    const splice = { model: "new", includeUsage: false };
    expect(Buffer.isBuffer(spliceReadRequest(Buffer.from('{"model":"a"}'), splice))).toBe(true);
    const large = Buffer.from(`{"model":"a","x":"${"x".repeat(70_000)}"}`);
    const pieces = spliceReadRequest(large, splice);
    expect(Array.isArray(pieces) && pieces.at(-1)?.buffer).toBe(large.buffer);
  });
});

type Member = readonly [JsonText, JsonText];

function member(key: string, value: JsonText): Member {
  return [quoted(key), value];
}

function quoted(text: string): JsonText {
  return { text: JSON.stringify(text), value: text };
}

/** Members around a model; none of them is the model or the stream options. */
function requests() {
  const others = fc.array(
    fc.tuple(
      fc.string({ maxLength: 5 }).map((key) => quoted(`x${key}`)),
      jsonText,
    ),
    {
      maxLength: 3,
    },
  );
  return fc.record({
    before: others,
    model: jsonText,
    after: others,
    gap: fc.constantFrom("", " ", "\r\n\t"),
  });
}

function options() {
  return fc
    .array(fc.tuple(fc.constantFrom("include_usage", "include_obfuscation", "z").map(quoted), jsonText), {
      maxLength: 3,
    })
    .map((members) => objectText(members, " "));
}
