import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { timeOf } from "./cell.ts";

const noonMs = Date.UTC(2026, 6, 1, 12);

test("times are ISO 8601, also with a space, or seconds or milliseconds since 1970", () => {
  for (const written of [
    "2026-07-01T12:00:00Z",
    " 2026-07-01 14:00+02:00",
    String(noonMs),
    String(noonMs / 1_000),
  ])
    expect(timeOf(written)).toBe(noonMs);
  for (const wrong of ["soon", "2026-13-01T00:00Z", "9e20", ""]) expect(timeOf(wrong)).toBeUndefined();
});

test("a time without a zone is one of UTC, wherever the file is read", () => {
  const times = ["2026-07-01 12:00", "2026-07-01T12:00:00", "2026-07-01T12:00:00.000"];
  const module = new URL("cell.ts", import.meta.url).href;
  const script = `import { timeOf } from "${module}"; console.log(JSON.stringify(${JSON.stringify(times)}.map(timeOf)))`;
  const env = { ...process.env, TZ: "Asia/Tokyo" };
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env,
  });
  expect(JSON.parse(stdout)).toEqual([noonMs, noonMs, noonMs]);
});
