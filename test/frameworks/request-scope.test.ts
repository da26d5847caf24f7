import { describe, expect, test } from "vitest";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";
import { scopeHeaders } from "#frameworks/transport/request-scope.ts";

describe("what a call says about itself", () => {
  test("is what Signalbox reads of its headers", () => {
    const scope = {
      unit: "Zoë 😀",
      conversation: "ticket-4711",
      labels: { tier: "free", note: "a=b" },
      deadlineMs: 2_500,
    };
    expect(readRequestHeaders(scopeHeaders(scope))).toEqual({
      unit: "Zoë 😀",
      conversation: "ticket-4711",
      tags: { tier: "free", note: "a=b" },
      deadlineMs: 2_500,
    });
  });

  test("is nothing where nothing is said", () => {
    expect(scopeHeaders({ labels: {} })).toEqual({});
  });

  test.each([
    [{ "a,b": "c" }, '"a,b"'],
    [{ "a=b": "c" }, '"a=b"'],
    [{ team: "a,b" }, '"team"'],
    [{ team: "a\r\nb" }, '"team"'],
    [{ team: "é" }, '"team"'],
  ])("labels that no header holds are refused by name: %j", (labels, name) => {
    expect(() => scopeHeaders({ labels })).toThrow(`Cannot send label ${name}`);
  });
});
