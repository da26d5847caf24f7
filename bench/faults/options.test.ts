import { expect, test } from "vitest";
import { readMatrix } from "./cell.ts";
import { readOptions } from "./options.ts";

function wanted(...commandLine: readonly string[]): readonly string[] {
  const { wants } = readOptions(commandLine);
  return readMatrix()
    .filter(wants)
    .map(({ id }) => id);
}

test("without words every cell is asked, six at once, of a Signalbox with a model for each", () => {
  expect(readOptions([])).toMatchObject({
    baseUrl: undefined,
    model: "faults.{cell}",
    concurrency: 6,
    wire: "openai",
  });
  expect(wanted()).toHaveLength(readMatrix().length);
});

test("cells that share a model are asked one after the other", () => {
  expect(readOptions(["--base-url", "http://gateway/v1/", "--model", "faults"])).toMatchObject({
    baseUrl: "http://gateway/v1",
    concurrency: 1,
  });
});

test("words choose cells by the beginning of their id, or by a part of it", () => {
  expect(wanted("--only", "500/whole,529", "--skip", "all,all-but-fallback")).toEqual([
    "500/whole/before/one",
    "529/stream/before/one",
    "529/whole/before/one",
  ]);
});

test.each([
  [["--wire", "grpc"], '--wire: openai or gemini is wanted, got "grpc"'],
  [["--total-ms", "soon"], '--total-ms: a whole number up to 3600000 is wanted, got "soon"'],
])("%j is refused", (commandLine, reason) => {
  expect(() => readOptions(commandLine)).toThrow(`Cannot read ${reason}`);
});
