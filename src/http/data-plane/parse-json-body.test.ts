import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { nestingMax } from "#core/kernel/nesting.ts";
import { parseJsonBody, valuesMax } from "#http/data-plane/parse-json-body.ts";

const parsed = (text: string | Uint8Array) => parseJsonBody(Buffer.from(text));

function messageOf(text: string | Uint8Array): string {
  try {
    parsed(text);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid-request") return error.message;
    throw error;
  }
  return "no error";
}

test("any JSON within the bounds is read as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
      const text = JSON.stringify(value);
      expect(parsed(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("any bytes give JSON or an error of ours, and the error quotes nothing of them", () => {
  const secret = "planted-secret";
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom("", "{", '["', '{"a":"'), (bytes, lead) => {
      const text = Buffer.concat([Buffer.from(lead + secret), bytes]);
      expect(messageOf(text)).not.toContain(secret);
    }),
  );
});

describe("refused, in words", () => {
  test.each([
    ["nothing", "", "a JSON object is wanted, it is empty"],
    ["half an object", '{"a":', "valid JSON is wanted, it is malformed"],
    ["two values", "{}{}", "valid JSON is wanted, it is malformed"],
    ["a byte order mark", "\uFEFF{}", "valid JSON is wanted, it is malformed"],
    ["a lone continuation byte", Buffer.from([0x22, 0x80, 0x22]), "UTF-8 is wanted"],
    ["UTF-16", Buffer.from("{}", "utf16le"), "valid JSON is wanted"],
  ])("%s", (_name, text, words) => {
    expect(messageOf(text)).toContain(words);
  });

  test("a hundred thousand brackets, closed or not", () => {
    const open = "[".repeat(100_000);
    expect(messageOf(open)).toContain(`at most ${nestingMax} levels of nesting`);
    expect(messageOf(open + "]".repeat(100_000))).toContain(`at most ${nestingMax} levels of nesting`);
    expect(messageOf('{"a":'.repeat(100_000))).toContain(`at most ${nestingMax} levels of nesting`);
  });

  test("one level too many, in small bodies and in large ones", () => {
    const deep = "[".repeat(nestingMax) + "]".repeat(nestingMax);
    for (const padding of ["", " ".repeat(600_000), `"${"x".repeat(70_000)}","b":`]) {
      expect(messageOf(`{"a":${padding}${deep}}`)).toContain(`at most ${nestingMax} levels of nesting`);
      expect(messageOf(`{"a":${padding}${deep}`)).toContain(`at most ${nestingMax} levels of nesting`);
    }
  });

  test("one level too many behind strings of any length, in large bodies", () => {
    const deep = `${"[".repeat(nestingMax)}0${"]".repeat(nestingMax)}`;
    const text = fc
      .tuple(
        fc.stringMatching(/^["\\\\[{a]{0,3}$/),
        fc.nat({ max: 130 }),
        fc.stringMatching(/^["\\\\\]a]{0,3}$/),
      )
      .map(([head, length, tail]) => JSON.stringify(head + "a".repeat(length) + tail));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        const lead = `${" ".repeat(600_000)}[${texts.map((string) => `${string},`).join("")}`;
        expect(messageOf(`${lead}${deep}]`)).toContain(`at most ${nestingMax} levels of nesting`);
        expect(messageOf(`${lead}0]`)).toBe("no error");
      }),
    );
  });

  test("one value too many", () => {
    expect(messageOf(`[${"0,".repeat(valuesMax - 2)}0]`)).toBe("no error");
    expect(messageOf(`[${"0,".repeat(valuesMax - 1)}0]`)).toContain(`at most ${valuesMax} values`);
    expect(messageOf(`[${"{},".repeat(valuesMax)}{}]`)).toContain(`at most ${valuesMax} values`);
  });
});

describe("taken", () => {
  test("as many levels as are allowed", () => {
    expect(messageOf("[".repeat(nestingMax) + "]".repeat(nestingMax))).toBe("no error");
  });

  test("brackets, commas and escaped quotes in strings, which do not count", () => {
    const words = `${"[{,".repeat(200_000)}"\\\\`;
    expect(parsed(JSON.stringify({ words, after: [words] }))).toEqual({ words, after: [words] });
  });

  test("a key named __proto__, as a key like any other", () => {
    const value = parsed('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
