import { expect, test } from "vitest";
import { Healths, type HealthIdentity } from "./healths.ts";

const flash: HealthIdentity = { deployment: "flash", provider: "google", model: "gemini-3.8-flash" };
const busy = { kind: "overloaded", message: "busy" } as const;

test("a deployment keeps its health for as long as a configuration names it", () => {
  const healths = new Healths(() => 0);
  const health = healths.of(flash);
  healths.keep([flash]);
  expect(healths.of(flash)).toBe(health);
  healths.keep([]);
  expect(healths.of(flash)).not.toBe(health);
});

test("with another provider, model or limit it is another one", () => {
  const healths = new Healths(() => 0);
  const others = [{ provider: "vertex" }, { model: "gemini-4-argon" }, { limits: { concurrency: 2 } }];
  for (const other of others) expect(healths.of({ ...flash, ...other })).not.toBe(healths.of(flash));
});

test("what its quota was spared is forgotten with the last deployment of it", () => {
  const healths = new Healths(() => 0);
  const health = healths.of(flash);
  for (let count = 0; count < 100; count++) {
    const attempt = health.began({ stream: true, promptTokens: 1, timed: true }, 0);
    const end = { end: busy, contentMs: undefined, totalMs: 1, usedTokens: undefined, limits: undefined };
    health.ended(attempt, end, 0, 0);
  }
  const other = { ...flash, deployment: "other" };
  expect(healths.of(other).view(0).sparedShare).toBeGreaterThan(0.5);
  healths.keep([other]);
  expect(healths.of(flash).view(0).sparedShare).toBeGreaterThan(0.5);
  healths.keep([]);
  expect(healths.of(flash).view(0).sparedShare).toBe(0);
});
