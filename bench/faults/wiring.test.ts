import { expect, test } from "vitest";
import { readMatrix } from "./cell.ts";
import { startFaultyUpstream } from "./upstream/faulty-upstream.ts";
import { wiringOf } from "./wiring.ts";

test("a gateway configured by hand needs a model for the pool, one with a fallback, and three for each bad address", async () => {
  await using upstream = await startFaultyUpstream();
  const wiring = wiringOf(readMatrix(), { upstream, model: "faults.{group}", wire: "openai" });
  expect(wiring).toHaveLength(2 + 4 * 3);
  expect(wiring.find(({ name }) => name === "faults.fallback")).toEqual({
    name: "faults.fallback",
    pool: [
      { name: "a", baseUrl: `http://127.0.0.1:${upstream.port}/a/v1`, model: "faulty-model" },
      { name: "b", baseUrl: `http://127.0.0.1:${upstream.port}/b/v1`, model: "faulty-model" },
    ],
    fallback: { name: "c", baseUrl: `http://127.0.0.1:${upstream.port}/c/v1`, model: "other-model" },
  });
  expect(
    wiring.find(({ name }) => name === "faults.unroutable.one")?.pool.map(({ baseUrl }) => baseUrl),
  ).toEqual(["http://192.0.2.1:81/a/v1", `http://127.0.0.1:${upstream.port}/b/v1`]);
});

test("one model for cells that need different deployments is refused", async () => {
  await using upstream = await startFaultyUpstream();
  expect(() => wiringOf(readMatrix(), { upstream, model: "faults", wire: "openai" })).toThrow(
    'Cannot wire model "faults": {group} or {cell} is wanted',
  );
});
