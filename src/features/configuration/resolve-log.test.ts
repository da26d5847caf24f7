import { expect, test } from "vitest";
import { loadConfiguration, problemText } from "./index.ts";

const dayMs = 86_400_000;

function load(text: string) {
  return loadConfiguration(`version: 1\n${text}`, () => undefined, { chains: [] });
}

test.each(["", "log:", "log: {}", "log: { spool: {}, retention: {} }"])("%j has the defaults", (text) => {
  const loaded = load(text);
  expect(loaded).toMatchObject({
    value: {
      configuration: {
        log: {
          store: "database",
          spoolBytesMax: 1e9,
          whenFull: "refuse",
          rowsRetentionMs: 90 * dayMs,
          contentRetentionMs: 14 * dayMs,
          experimentsRetentionMs: 400 * dayMs,
        },
      },
    },
  });
});

test("all that is written of the log is resolved", () => {
  const loaded = load(
    "log: { store: none, spool: { size: 64MB }, when_full: serve, retention: { rows: 36h, content: 1d, experiments: 30d } }",
  );
  expect(loaded).toMatchObject({
    value: {
      configuration: {
        log: {
          store: "none",
          spoolBytesMax: 64e6,
          whenFull: "serve",
          rowsRetentionMs: 1.5 * dayMs,
          contentRetentionMs: dayMs,
          experimentsRetentionMs: 30 * dayMs,
        },
      },
    },
  });
});

test.each([
  ["log: here", /log: wanted a map/],
  ["log: { spool: { size: 1 } }", /log\.spool\.size.*a size such as 1GB/],
  ["log: { spool: { size: 1MB } }", /log\.spool\.size.*a size from 64MB to 1TB/],
  ["log: { when_full: drop }", /log\.when_full.*one of refuse, serve/],
  ["log: { retention: { rows: forever } }", /log\.retention\.rows.*a period such as 90d/],
  ["log: { keep: 1d }", /log\.keep/],
])("%j is refused in words", (text, message) => {
  const loaded = load(text);
  if (loaded.ok) expect.unreachable("it was taken");
  const said = loaded.error.map((problem) => problemText(problem, "signalbox.yaml"));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(message);
});
