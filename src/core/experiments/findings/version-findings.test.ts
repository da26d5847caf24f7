import { expect, test } from "vitest";
import { versionFindings, type VersionCount } from "./version-findings.ts";

const noonMs = Date.UTC(2026, 11, 3, 12);

function count(version: string, changes: Partial<VersionCount> = {}): VersionCount {
  return { variant: "argon", model: "flash-latest", version, requests: 100, firstMs: noonMs, ...changes };
}

test("a version that answers from some time on makes the variant two treatments, with since when and how often", () => {
  const later = count("flash-002", { requests: 300, firstMs: noonMs + 125 * 60_000 });
  expect(versionFindings([later, count("flash-001")])).toEqual([
    {
      code: "version-drift",
      severity: "invalid",
      about: "argon",
      text: "argon was answered by 2 versions of flash-latest: flash-001 (25 % of its answers), flash-002 (75 %, since 2026-12-03 14:05 UTC): it is not one treatment",
    },
  ]);
});

test("versions that take turns behind one name are told as well", () => {
  expect(versionFindings([count("flash-001"), count("flash-002")])).toMatchObject([{ severity: "invalid" }]);
});

test("one version each is no drift, whatever other variants and models are answered by", () => {
  const counts = [
    count("flash-001"),
    count("flash-002", { variant: "neon" }),
    count("google/flash", { model: "google/flash-latest" }),
  ];
  expect(versionFindings(counts)).toEqual([]);
  expect(versionFindings([])).toEqual([]);
});

test("a version that answered less than a hundredth is a warning, until it is more", () => {
  const few = versionFindings([
    count("flash-001", { requests: 9_901 }),
    count("flash-002", { requests: 99 }),
  ]);
  expect(few).toMatchObject([{ severity: "warning" }]);
  expect(few[0]?.text).toContain("flash-002 (1 %, since 2026-12-03 12:00 UTC): too few to matter by now");
  const more = [count("flash-001", { requests: 9_900 }), count("flash-002", { requests: 100 })];
  expect(versionFindings(more)).toMatchObject([{ severity: "invalid" }]);
});

test("of many versions the first are named", () => {
  const text = versionFindings([1, 2, 3, 4, 5, 6, 7].map((number) => count(`v${number}`)))[0]?.text;
  expect(text).toContain("by 7 versions");
  expect(text).toContain("v5 (14 %, since 2026-12-03 12:00 UTC), and 2 more");
  expect(text).not.toContain("v6");
});
