import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiFailure } from "../api-failure.ts";
import { readMessage } from "./read-message.ts";
import { generateContentFields } from "./request-fields.ts";

const read = (value: unknown) => readMessage(JSON.stringify(value), generateContentFields);

function failureOf(body: string): ApiFailure | undefined {
  try {
    readMessage(body, generateContentFields);
    return undefined;
  } catch (error) {
    if (error instanceof ApiFailure) return error;
    throw error;
  }
}

describe("a request body", () => {
  test("may be in snake case or camel case, with null for absent and enums in any case", () => {
    const snake = {
      system_instruction: { parts: [{ text: "x" }] },
      generation_config: { max_output_tokens: 5, thinking_config: { thinking_level: "low" }, top_p: null },
    };
    expect(read(snake)).toEqual({
      systemInstruction: { parts: [{ text: "x" }] },
      generationConfig: { maxOutputTokens: 5, thinkingConfig: { thinkingLevel: "LOW" } },
    });
  });

  test("keeps free values (args, JSON schemas) as they are", () => {
    const args = { snake_case: { Any_Thing: null } };
    const message = read({ contents: [{ parts: [{ function_call: { name: "f", args } }] }] });
    expect(message).toEqual({ contents: [{ parts: [{ functionCall: { name: "f", args } }] }] });
  });

  test("may give a single message in place of a list", () => {
    expect(read({ contents: { parts: { text: "x" } } })).toEqual({ contents: [{ parts: [{ text: "x" }] }] });
  });

  test("with unknown names and wrong types is refused with every violation and its place", () => {
    const failure = failureOf(
      JSON.stringify({
        foo: 1,
        contents: [{ parts: [{ txt: "x" }] }],
        generationConfig: { temperature: "hot" },
      }),
    );
    expect(failure?.message).toBe(
      'Invalid JSON payload received. Unknown name "foo": Cannot find field.\n' +
        "Invalid JSON payload received. Unknown name \"txt\" at 'contents[0].parts[0]': Cannot find field.\n" +
        "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"",
    );
    expect(failure?.details[0]).toMatchObject({
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [
        { description: expect.any(String) },
        { field: "contents[0].parts[0]" },
        { field: "generation_config.temperature" },
      ],
    });
  });

  test("that is no JSON, no object, or nested too deeply is a 400", () => {
    expect(failureOf("{")?.message).toContain("Invalid JSON payload received");
    expect(failureOf("[]")?.code).toBe(400);
    const deep = `${'{"items":'.repeat(150)}{}${"}".repeat(150)}`;
    const body = `{"generationConfig":{"responseSchema":${deep}}}`;
    expect(failureOf(body)?.message).toContain("too deep");
  });

  test("of any JSON is read or refused, never a crash", () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        const failure = failureOf(body);
        expect(failure === undefined || failure.code === 400).toBe(true);
      }),
    );
  });
});
