import { describe, expect, test } from "vitest";
import { ApiFailure } from "../api-failure.ts";
import { geminiModels, openModel } from "../models.ts";
import { checkRules } from "./rules.ts";
import { readGenerateRequest } from "./read-request.ts";
import { createSignatures } from "./signatures.ts";

const signatures = createSignatures("test");
const hi = [{ role: "user", parts: [{ text: "hi" }] }];

/** What the API says to a request for a model: "ok", or the message of its 400. */
function verdict(model: string, request: object): string {
  const found = geminiModels.find(({ id }) => id === model) ?? openModel(model);
  try {
    checkRules(readGenerateRequest(JSON.stringify({ contents: hi, ...request })), found, signatures);
    return "ok";
  } catch (error) {
    if (error instanceof ApiFailure) return `${error.code} ${error.message}`;
    throw error;
  }
}

const thinking = (thinkingConfig: object) => ({ generationConfig: { thinkingConfig } });
const config = (generationConfig: object) => ({ generationConfig });
const declared = (parameters: object) => ({ tools: [{ functionDeclarations: [{ name: "f", parameters }] }] });
const image = (mimeType: string) => ({
  contents: [{ role: "user", parts: [{ inlineData: { mimeType, data: "AAAA" } }] }],
});
const replay = (call: object) => ({
  contents: [
    ...hi,
    { role: "model", parts: [{ functionCall: { name: "f", args: {} }, ...call }] },
    { role: "user", parts: [{ functionResponse: { name: "f", response: {} } }] },
  ],
});
const named = (...names: string[]) => ({
  tools: [{ functionDeclarations: names.map((name) => ({ name })) }],
});

describe("thinking", () => {
  test.each([
    ["gemini-2.5-flash", { thinkingBudget: 0 }, "ok"],
    ["gemini-2.5-flash", { thinkingBudget: -1 }, "ok"],
    ["gemini-2.5-flash", { thinkingBudget: 24_577 }, "400 The thinking budget 24577 is invalid"],
    [
      "gemini-2.5-flash-lite",
      { thinkingBudget: 100 },
      "400 The thinking budget 100 is invalid. Please choose a value between 512",
    ],
    [
      "gemini-2.5-pro",
      { thinkingBudget: 0 },
      "400 Budget 0 is invalid. This model only works in thinking mode.",
    ],
    ["gemini-2.5-flash", { thinkingLevel: "LOW" }, "400 Thinking level is not supported for this model."],
    ["gemini-3.8-flash", { thinkingLevel: "low" }, "ok"],
    ["gemini-3.8-flash", { thinkingLevel: "MINIMAL" }, "400 Thinking level MINIMAL is not supported"],
    ["gemini-3.6-flash", { thinkingLevel: "MINIMAL" }, "ok"],
    ["gemini-3.8-flash", { thinkingBudget: 1000 }, "ok"],
    ["gemini-4-argon", { thinkingBudget: 1000 }, "400 Thinking budget is not supported"],
    ["gemini-4-argon", { thinkingLevel: "XHIGH" }, "400 Thinking level XHIGH is not supported"],
    ["gemini-4-hydrogen", { thinkingLevel: "XHIGH" }, "ok"],
    [
      "gemini-3.8-flash",
      { thinkingLevel: "LOW", thinkingBudget: 5 },
      "400 You can only set only one of thinking budget and thinking level.",
    ],
  ])("%s with %j: %s", (model, thinkingConfig, expected) => {
    expect(verdict(model, thinking(thinkingConfig))).toContain(expected);
  });
});

describe("turns", () => {
  test("must be there, with parts and a valid role", () => {
    expect(verdict("gemini-3.8-flash", { contents: [] })).toContain("contents is not specified");
    expect(verdict("gemini-3.8-flash", { contents: [{ role: "user", parts: [] }] })).toContain(
      "contents.parts must not be empty",
    );
    expect(verdict("gemini-3.8-flash", { contents: [{ role: "system", parts: [{ text: "x" }] }] })).toContain(
      "Please use a valid role",
    );
    expect(verdict("gemini-3.8-flash", { contents: [{ role: "user", parts: [{}] }] })).toContain(
      "required oneof field 'data'",
    );
  });

  test("may end in a prefilled model turn before 3.6 only", () => {
    const contents = [...hi, { role: "model", parts: [{ text: "The answer is" }] }];
    expect(verdict("gemini-3.5-flash-lite", { contents })).toBe("ok");
    expect(verdict("gemini-3.6-flash", { contents })).toContain("400 Prefilling");
    expect(verdict("gemini-4-carbon", { contents })).toContain("400 Prefilling");
  });

  test("do not mix function results with text", () => {
    const call = { role: "model", parts: [{ functionCall: { name: "f", args: {} } }] };
    const result = { functionResponse: { name: "f", response: {} } };
    expect(verdict("gemini-2.5-flash", { contents: [...hi, call, { role: "user", parts: [result] }] })).toBe(
      "ok",
    );
    expect(
      verdict("gemini-2.5-flash", {
        contents: [...hi, call, { role: "user", parts: [result, { text: "x" }] }],
      }),
    ).toContain("cannot be mixed");
    expect(
      verdict("gemini-2.5-flash", { contents: [...hi, call, { role: "user", parts: [result, result] }] }),
    ).toContain("number of function response parts");
    expect(verdict("gemini-2.5-flash", { contents: [{ role: "user", parts: [result] }] })).toContain(
      "immediately after a function call turn",
    );
  });

  test("take images of the known types only", () => {
    expect(verdict("gemini-3.8-flash", image("image/webp"))).toBe("ok");
    expect(verdict("gemini-3.8-flash", image("image/bmp"))).toBe("400 Unsupported MIME type: image/bmp");
    expect(
      verdict("gemini-3.8-flash", {
        contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "a b" } }] }],
      }),
    ).toContain(
      "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed",
    );
  });
});

describe("thought signatures", () => {
  test("are required on a replayed call from Gemini 3 on", () => {
    expect(verdict("gemini-2.5-flash", replay({}))).toBe("ok");
    expect(verdict("gemini-3.8-flash", replay({}))).toMatch(
      /^400 Function call is missing a thought_signature .*`default_api:f` , position 2\. /,
    );
    expect(verdict("gemini-3.8-flash", replay({ thoughtSignature: signatures.issue("x") }))).toBe("ok");
    expect(
      verdict("gemini-3.8-flash", replay({ thoughtSignature: "skip_thought_signature_validator" })),
    ).toBe("ok");
    expect(verdict("gemini-3.8-flash", replay({ thoughtSignature: "AAAA" }))).toBe(
      "400 Corrupted thought signature.",
    );
  });

  test("are accepted in snake case and refused when changed by one character", () => {
    const signature = signatures.issue("y");
    expect(verdict("gemini-4-argon", replay({ thought_signature: signature }))).toBe("ok");
    const changed = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    expect(verdict("gemini-4-argon", replay({ thoughtSignature: changed }))).toContain("Corrupted");
  });

  test("are not required on calls of earlier turns", () => {
    const contents = [...replay({}).contents, { role: "model", parts: [{ text: "done" }] }, ...hi];
    expect(verdict("gemini-3.8-flash", { contents })).toBe("ok");
  });
});

describe("tools", () => {
  test("have names of the known form, once each", () => {
    expect(verdict("gemini-3.8-flash", named("a_b", "c"))).toBe("ok");
    expect(verdict("gemini-3.8-flash", named("1x"))).toContain("Invalid function name");
    expect(verdict("gemini-3.8-flash", named("a", "a"))).toContain("Duplicate function declaration");
  });

  test("of the API mix with functions only when server-side invocations are included", () => {
    const tools = [{ functionDeclarations: [{ name: "f" }] }, { googleSearch: {} }];
    expect(verdict("gemini-3.8-flash", { tools })).toContain("include_server_side_tool_invocations");
    expect(
      verdict("gemini-3.8-flash", { tools, toolConfig: { includeServerSideToolInvocations: true } }),
    ).toBe("ok");
    expect(verdict("gemini-2.5-flash", { tools })).toContain("cannot be combined");
  });

  test.each(["$ref", "propertyNames", "exclusiveMinimum", "additionalProperties", "const", "$schema"])(
    "refuse the keyword %s in parameters",
    (keyword) => {
      const parameters = { type: "object", properties: { x: { type: "integer", [keyword]: 1 } } };
      expect(verdict("gemini-3.8-flash", declared(parameters))).toBe(
        `400 Invalid JSON payload received. Unknown name "${keyword}" at 'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.`,
      );
    },
  );

  test("refuse a schema with a list of types, no items, or a required property that is not there", () => {
    expect(verdict("gemini-3.8-flash", declared({ type: ["string", "null"] }))).toContain(
      `Unknown name "type" at 'tools[0].function_declarations[0].parameters': Proto field is not repeating`,
    );
    expect(
      verdict("gemini-3.8-flash", declared({ type: "OBJECT", properties: { a: { type: "ARRAY" } } })),
    ).toContain("parameters.properties[a].items: missing field");
    expect(
      verdict("gemini-3.8-flash", declared({ type: "OBJECT", properties: {}, required: ["a"] })),
    ).toContain("required[0]: property is not defined");
    expect(verdict("gemini-3.8-flash", declared({ type: "INTEGER", enum: ["1"] }))).toContain(
      "only allowed for STRING type",
    );
  });

  test("take any JSON Schema in parametersJsonSchema", () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: "f",
            parametersJsonSchema: { $ref: "#/$defs/a", $defs: { a: { type: ["object", "null"] } } },
          },
        ],
      },
    ];
    expect(verdict("gemini-3.8-flash", { tools })).toBe("ok");
  });
});

describe("generationConfig", () => {
  test("has temperatures up to 2, ignored from 3.6 on", () => {
    expect(verdict("gemini-2.5-flash", config({ temperature: 2.5 }))).toContain(
      "temperature must be in the range [0.0, 2.0]",
    );
    expect(verdict("gemini-3.8-flash", config({ temperature: 2.5 }))).toBe("ok");
  });

  test("has one candidate from 3.6 on", () => {
    expect(verdict("gemini-2.5-flash", config({ candidateCount: 3 }))).toBe("ok");
    expect(verdict("gemini-3.8-flash", config({ candidateCount: 1 }))).toBe("ok");
    expect(verdict("gemini-4-argon", config({ candidateCount: 2 }))).toBe(
      "400 Multiple candidates is not enabled for this model",
    );
  });

  test("limits output by the model, and on Gemini 4 by the shared window", () => {
    expect(verdict("gemini-2.5-flash", config({ maxOutputTokens: 65_537 }))).toContain(
      "supported range is from 1 (inclusive) to 65537 (exclusive)",
    );
    expect(verdict("gemini-4-argon", config({ maxOutputTokens: 200_000 }))).toBe("ok");
  });

  test("wants a JSON type beside a schema, and no functions beside JSON before Gemini 3", () => {
    const responseSchema = { type: "STRING" };
    expect(verdict("gemini-2.5-flash", config({ responseSchema }))).toContain(
      "only allowed with response_mime_type",
    );
    const both = {
      ...config({ responseMimeType: "application/json", responseSchema }),
      ...declared({ type: "OBJECT" }),
    };
    expect(verdict("gemini-2.5-flash", both)).toContain("Function calling with a response mime type");
    expect(verdict("gemini-3.8-flash", both)).toBe("ok");
  });
});

test("a cached content is refused on Gemini 4, beside a system instruction, and when it does not exist", () => {
  expect(verdict("gemini-4-argon", { cachedContent: "cachedContents/x" })).toContain("not supported");
  expect(
    verdict("gemini-2.5-flash", {
      cachedContent: "cachedContents/x",
      systemInstruction: { parts: [{ text: "x" }] },
    }),
  ).toContain("CachedContent can not be used");
  expect(verdict("gemini-2.5-flash", { cachedContent: "cachedContents/x" })).toBe(
    "403 CachedContent not found (or permission denied)",
  );
});

test("a prompt beyond the window is refused with its token count", () => {
  const contents = [{ role: "user", parts: [{ text: "abcd".repeat(1_048_577) }] }];
  expect(verdict("gemini-3.8-flash", { contents })).toBe(
    "400 The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).",
  );
});
