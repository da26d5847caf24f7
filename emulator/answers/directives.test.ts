import { describe, expect, test } from "vitest";
import { directivesOf, withoutDirectives } from "./directives.ts";

describe("sentinels in a prompt", () => {
  test("are read with their values", () => {
    const directives = directivesOf(
      "Hi [[tokens=40]] there [[thoughts=7]] [[say:a [b] c]] [[finish=SAFETY]]",
    );
    expect(directives).toMatchObject({ tokens: 40, thoughts: 7, say: "a [b] c", finish: "SAFETY" });
  });

  test("name faults with a value and further parameters", () => {
    const { faults } = directivesOf(
      "[[fault:cut-after-tokens=5]] [[fault:503 times=1 model=gemini-3.8-flash]]",
    );
    expect(faults).toEqual([
      { name: "cut-after-tokens", parameters: { value: "5" } },
      { name: "503", parameters: { times: "1", model: "gemini-3.8-flash" } },
    ]);
  });

  test("dictate tool calls with arguments", () => {
    expect(directivesOf('[[call:get_weather {"city":"Oslo"}]]').calls).toEqual([
      { name: "get_weather", args: { city: "Oslo" } },
    ]);
  });

  test("of unknown names and unreadable numbers are ordinary text", () => {
    expect(directivesOf("[[tokens=many]] [[hello]] a[[1]]")).toEqual({ calls: [], faults: [] });
  });

  test("with arguments that are no JSON are read as a call without arguments", () => {
    expect(directivesOf("[[call:f {x}]]").calls).toEqual([{ name: "f" }]);
  });

  test("are no part of what the model understands", () => {
    expect(withoutDirectives("Say hi [[tokens=4]]")).toBe("Say hi");
  });
});
