import { expect, test } from "vitest";
import type { LedgerRow } from "./ledger.ts";
import { createLedger } from "./ledger.ts";

const row: Omit<LedgerRow, "id"> = {
  timeMs: 1,
  path: "/v1beta/models/m:generateContent",
  dialect: "gemini",
  model: "m",
  isStream: false,
  keyHash: "k",
  responseId: "r",
  promptTokens: 3,
  cachedTokens: 0,
  thoughtTokens: 1,
  outputTokensGenerated: 5,
  outputTokensSent: 4,
  framesSent: 1,
  finishReason: "STOP",
  status: 200,
  fault: "",
  outcome: "completed",
  abortedAtMs: null,
  durationMs: 2,
};

test("a ledger keeps its newest rows, and totals of all", () => {
  const ledger = createLedger(10);
  for (let index = 0; index < 25; index += 1) ledger.record(row);
  expect(ledger.rows().length).toBeLessThanOrEqual(11);
  expect(ledger.rows().at(-1)?.id).toBe(25);
  expect(ledger.rows().length + ledger.droppedCount()).toBe(25);
  expect(ledger.summary()["m"]?.["completed"]).toMatchObject({
    requests: 25,
    promptTokens: 75,
    outputTokensSent: 100,
  });
});

test("rows are filtered by equal fields", () => {
  const ledger = createLedger();
  ledger.record(row);
  ledger.record({ ...row, outcome: "aborted", model: "n" });
  expect(ledger.rows({ outcome: "aborted" }).map(({ model }) => model)).toEqual(["n"]);
  expect(ledger.rows({ model: "m", outcome: "aborted" })).toEqual([]);
});
