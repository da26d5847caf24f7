import { beforeEach, describe, expect, test } from "vitest";
import { listenersMax, LiveTail, waitingMax, type TailListener } from "./live-tail.ts";
import { recentMax, RecentRequests } from "./recent-requests.ts";
import { noonMs, testDecision, testId, testRecord } from "./request-record.test-support.ts";
import type { RequestRecord } from "./request-record.ts";

let recent: RecentRequests;
let tail: LiveTail;
beforeEach(() => {
  recent = new RecentRequests();
  tail = new LiveTail(recent);
});

/** A request of that number ends. */
function ends(number: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  const record = testRecord({ requestId: testId(noonMs, number), ...changes });
  recent.add(record);
  tail.publish(record);
  return record;
}

/** What waits, each as the id of its request or the number of those missing. */
function taken(listener: TailListener): readonly unknown[] {
  const events: unknown[] = [];
  for (let frame = listener.take(); frame !== undefined; frame = listener.take()) {
    const { id, event, data } =
      /^(?:id: (?<id>.*)\n)?event: (?<event>\w+)\ndata: (?<data>.*)\n\n$/.exec(frame)?.groups ?? {};
    const value: unknown = JSON.parse(data ?? "");
    events.push(event === "request" ? id : value);
    if (event === "request") expect(value).toMatchObject({ id });
  }
  return events;
}

const idOf = (number: number) => testId(noonMs, number);

describe("a listener", () => {
  test("hears of each request that ends after it came, as lists tell it", () => {
    ends(1);
    const listener = tail.listen({ filters: {} });
    ends(2, { outcome: "failed", tags: { team: "search" } });
    const frame = listener.take() ?? "";
    expect(frame).toMatch(/^id: \S+\nevent: request\ndata: \{.*\}\n\n$/);
    expect(JSON.parse(frame.split("\ndata: ")[1] ?? "")).toMatchObject({
      id: idOf(2),
      outcome: "failed",
      route: "support",
      tags: { team: "search" },
    });
    expect(listener.take()).toBeUndefined();
  });

  test("hears only of those that it asked for", () => {
    const listener = tail.listen({
      filters: { route: "support", variant: "deep", outcome: "failed", deployment: "google-a" },
    });
    ends(1);
    ends(2, { outcome: "failed" });
    ends(3, { outcome: "failed", decision: testDecision({ variant: "deep" }), attempts: [] });
    ends(4, { outcome: "failed", decision: testDecision({ variant: "deep" }) });
    expect(taken(listener)).toEqual([idOf(4)]);
  });

  test("is called once, when something waits", () => {
    const listener = tail.listen({ filters: {} });
    let calls = 0;
    listener.whenReady(() => (calls += 1));
    ends(1);
    ends(2);
    expect(calls).toBe(1);
  });

  test("a request in which text would break a frame stays one frame", () => {
    const listener = tail.listen({ filters: {} });
    ends(1, { model: "a\n\nevent: dropped\r\ndata: {}\u2028".repeat(100) });
    const frame = listener.take() ?? "";
    expect(frame.trimEnd().split("\n")).toHaveLength(3);
    expect(frame.length).toBeLessThan(2_000);
  });

  test("that reads too slowly loses the newest, and is told how many at their place", () => {
    const slow = tail.listen({ filters: {} });
    const quick = tail.listen({ filters: {} });
    for (let number = 1; number <= waitingMax + 5; number += 1) {
      ends(number);
      expect(taken(quick)).toEqual([idOf(number)]);
    }
    expect(tail.counts()).toEqual({ listeners: 2, dropped: 5 });
    expect(slow.take()).toContain(idOf(1));
    ends(waitingMax + 6);
    const events = taken(slow);
    expect(events.slice(0, 2)).toEqual([idOf(2), idOf(3)]);
    expect(events.slice(-3)).toEqual([idOf(waitingMax), { count: 5 }, idOf(waitingMax + 6)]);
  });

  test("that has taken all is told of the gap at once", () => {
    const listener = tail.listen({ filters: {} });
    for (let number = 1; number <= waitingMax + 2; number += 1) ends(number);
    expect(taken(listener).at(-1)).toEqual({ count: 2 });
    expect(listener.take()).toBeUndefined();
  });

  test("that has left hears nothing and leaves its place to others", () => {
    const listener = tail.listen({ filters: {} });
    listener.close();
    listener.close();
    ends(1);
    expect(taken(listener)).toEqual([]);
    expect(tail.counts().listeners).toBe(0);
  });
});

describe("going on", () => {
  test("tells first what ended since, in that order, as far as it fits the filters", () => {
    for (const number of [3, 1, 4]) ends(number);
    ends(2, { outcome: "failed" });
    const listener = tail.listen({ filters: { outcome: "completed" }, after: idOf(3) });
    ends(5);
    expect(taken(listener)).toEqual([idOf(1), idOf(4), idOf(5)]);
  });

  test("behind one that is not remembered says that an unknown number is missing", () => {
    ends(1);
    const listener = tail.listen({ filters: {}, after: idOf(9) });
    ends(2);
    expect(taken(listener)).toEqual([{ count: null }, idOf(2)]);
  });

  test("everything that is remembered fits", () => {
    for (let number = 1; number <= recentMax; number += 1) ends(number);
    const listener = tail.listen({ filters: {}, after: idOf(1) });
    expect(taken(listener)).toHaveLength(recentMax - 1);
    expect(tail.counts().dropped).toBe(0);
  });
});

test("only so many may listen", () => {
  const listeners = Array.from({ length: listenersMax }, () => tail.listen({ filters: {} }));
  expect(() => tail.listen({ filters: {} })).toThrow(
    expect.objectContaining({ code: "overloaded", retryable: true }),
  );
  listeners[0]?.close();
  expect(() => tail.listen({ filters: {} })).not.toThrow();
});

test("a close ends all who listen, once they have taken what waits, and takes no more", () => {
  const listener = tail.listen({ filters: {} });
  let called = false;
  ends(1);
  listener.whenReady(() => (called = true));
  tail.close();
  expect({ called, ended: listener.ended }).toEqual({ called: true, ended: true });
  expect(taken(listener)).toEqual([idOf(1)]);
  expect(() => tail.listen({ filters: {} })).toThrow(expect.objectContaining({ code: "shutting-down" }));
});

test("while nobody listens a record is not even looked at", () => {
  const untouchable = new Proxy({} as RequestRecord, {
    get() {
      throw new Error("A record was read");
    },
  });
  expect(() => tail.publish(untouchable)).not.toThrow();
});
