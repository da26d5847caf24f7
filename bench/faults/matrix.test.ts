import { describe, expect, test } from "vitest";
import { readMatrix, type Cell } from "./cell.ts";
import { faultNames } from "./upstream/fault-names.ts";

const matrix = readMatrix();

/** Faults of the request itself. */
const callers = ["400-invalid", "400-context-length", "block-prompt"];
function isRecoverable({ fault, when, failing }: Cell): boolean {
  if (fault === "400-context-length") return failing === "all-but-fallback";
  if (callers.includes(fault) || fault === "block-answer") return false;
  return when === "before" && failing !== "all";
}

/** What is odd but legal: it has one cell, in which every deployment does it. */
function isLegal({ fault, failing, expect: wanted }: Cell): boolean {
  const others = matrix.filter((cell) => cell.fault === fault && cell.failing !== failing);
  return failing === "all" && others.length === 0 && wanted.includes("answered");
}

test("every fault has its cells, each once", () => {
  expect(new Set(matrix.map(({ fault }) => fault))).toEqual(new Set(faultNames));
  expect(new Set(matrix.map(({ id }) => id)).size).toBe(matrix.length);
});

describe("the rule", () => {
  test.each(matrix.filter((cell) => !isLegal(cell)))("holds for $id", (cell) => {
    if (isRecoverable(cell)) expect(cell.expect).toEqual(["answered"]);
    else {
      expect(cell.expect).not.toContain("answered");
      for (const outcome of cell.expect) expect(["typed-error", "error-frame", "blocked"]).toContain(outcome);
    }
    if (cell.when === "after") expect(cell.expect).not.toContain("typed-error");
    if (cell.expect.includes("typed-error")) expect(cell.status).toBeDefined();
  });

  test.each(matrix.filter(isLegal))("lets $id pass at the first deployment", (cell) => {
    expect([cell.expect, cell.attemptsMax]).toEqual([["answered"], 1]);
  });

  test("only a caller's fault has a status that tells the caller to change the request", () => {
    const told = matrix.filter(({ status }) =>
      status?.some((code) => code === 400 || code === 401 || code === 403),
    );
    expect([...new Set(told.map(({ fault }) => fault))].toSorted()).toEqual(callers.toSorted());
  });
});
