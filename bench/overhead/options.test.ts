import { describe, expect, test } from "vitest";
import { partNames, readOptions } from "./options.ts";

describe("the command line", () => {
  test("asks for everything when it says nothing", () => {
    expect(readOptions([])).toEqual({
      json: false,
      short: false,
      parts: partNames,
      stores: ["postgres", "pglite", "none"],
      rounds: 9,
      profiles: undefined,
    });
  });

  test("asks for less in the short form, and for what is named", () => {
    expect(readOptions(["--short"])).toMatchObject({
      parts: ["throughput"],
      stores: ["postgres"],
      rounds: 3,
    });
    expect(readOptions(["--only", "latency,memory", "--stores", "none", "--rounds", "4"])).toMatchObject({
      parts: ["latency", "memory"],
      stores: ["none"],
      rounds: 4,
    });
  });

  test.each([
    [["--only", "speed"], 'latency, throughput, stream, bodies, disturbed, memory are known, got "speed"'],
    [["--stores", ""], 'postgres, pglite, none are known, got ""'],
    [["--rounds", "0"], 'a whole number from 1 to 1000 is wanted, got "0"'],
    [["--fast"], "--fast"],
  ])("%j is refused", (commandLine, reason) => {
    expect(() => readOptions(commandLine)).toThrow(reason);
  });
});
