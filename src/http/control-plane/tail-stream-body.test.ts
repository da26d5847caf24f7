import { beforeEach, expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import type { TailListener } from "#features/traffic/index.ts";
import { heartbeatMs, tailStreamBody } from "./tail-stream-body.ts";

/** A listener that a test fills. */
class TestListener implements TailListener {
  readonly waiting: string[] = [];
  ended = false;
  closed = false;
  #ready: (() => void) | undefined;

  add(...frames: readonly string[]): void {
    this.waiting.push(...frames);
    this.#wake();
  }

  take(): string | undefined {
    return this.waiting.shift();
  }

  whenReady(callback: () => void): void {
    this.#ready = callback;
  }

  close(): void {
    this.closed = true;
    this.ended = true;
    this.#wake();
  }

  #wake(): void {
    const ready = this.#ready;
    this.#ready = undefined;
    ready?.();
  }
}

let time: FakeTime;
let listener: TestListener;
beforeEach(() => {
  time = new FakeTime();
  listener = new TestListener();
});

/** Lets streams do what they do between events. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("begins at once, sends events as they come, and a comment when there are none for long", async () => {
  const body = tailStreamBody(listener, time);
  let text = "";
  body.on("data", (chunk: string) => (text += chunk));
  await turn();
  expect(text).toMatch(/^: .+\nretry: 2000\n\n$/);
  text = "";
  listener.add("one\n\n", "two\n\n");
  await turn();
  listener.add("three\n\n");
  await turn();
  expect(text).toBe("one\n\ntwo\n\nthree\n\n");
  time.advance(heartbeatMs * 3);
  await turn();
  expect(text).toBe("one\n\ntwo\n\nthree\n\n: \n\n: \n\n: \n\n");
  body.destroy();
});

test("holds little for a reader that does not read; the rest stays with the listener", async () => {
  const body = tailStreamBody(listener, time);
  const frame = `${"x".repeat(1_000)}\n\n`;
  listener.add(...Array.from({ length: 200 }, () => frame));
  body.read(0);
  await turn();
  expect(body.readableLength).toBeLessThan(20_000);
  expect(listener.waiting.length).toBeGreaterThan(180);
  let length = 0;
  body.on("data", (chunk: string) => (length += chunk.length));
  await turn();
  await turn();
  expect(listener.waiting).toEqual([]);
  expect(length).toBeGreaterThan(200_000);
  body.destroy();
});

test("gives a connection up that takes nothing for a minute, and frees the listener", async () => {
  const body = tailStreamBody(listener, time);
  listener.add(...Array.from({ length: 50 }, () => "x".repeat(1_000)));
  body.read(0);
  await turn();
  time.advance(heartbeatMs * 4);
  expect(body.destroyed).toBe(false);
  time.advance(heartbeatMs * 2);
  await turn();
  expect({ destroyed: body.destroyed, closed: listener.closed }).toEqual({ destroyed: true, closed: true });
  expect(listener.waiting.length).toBeGreaterThan(0);
});

test("a reader that reads now and then is not given up", async () => {
  const body = tailStreamBody(listener, time);
  for (let beat = 0; beat < 20; beat += 1) {
    listener.add(...Array.from({ length: 30 }, () => "x".repeat(1_000)));
    time.advance(heartbeatMs);
    body.read();
    await turn();
  }
  expect(body.destroyed).toBe(false);
  body.destroy();
});

test("ends when the listener ends, after what waits", async () => {
  const body = tailStreamBody(listener, time);
  listener.add("last\n\n");
  listener.close();
  let text = "";
  for await (const chunk of body) text += chunk;
  expect(text).toMatch(/last\n\n$/);
});

test("ends after an hour, so that its client shows a key that is still good", async () => {
  const body = tailStreamBody(listener, time);
  let ended = false;
  body.on("end", () => (ended = true)).resume();
  for (let beat = 0; beat < 3_600_000 / heartbeatMs; beat += 1) {
    expect(ended).toBe(false);
    time.advance(heartbeatMs);
    await turn();
  }
  expect({ ended, closed: listener.closed }).toEqual({ ended: true, closed: true });
});

test("a body that is destroyed frees the listener and its timers", async () => {
  const body = tailStreamBody(listener, time);
  body.destroy();
  await turn();
  expect(listener.closed).toBe(true);
  listener.add("late");
  time.advance(7_200_000);
  expect(body.readableLength).toBeLessThan(100);
});
