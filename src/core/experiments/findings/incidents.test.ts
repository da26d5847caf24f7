import { expect, test } from "vitest";
import { commonIncidents, fallbackStorms, type Traffic, type VariantPeriod } from "./incidents.ts";

const minuteMs = 60_000;
const variants = ["flash", "argon"];

/** An hour and a half of two variants, with what happened in some minutes. */
function traffic(
  special: (variant: string, minute: number) => Partial<VariantPeriod> | undefined,
  changes: Partial<Traffic> = {},
): Traffic {
  const minutes = Array.from({ length: 90 }, (_, minute) => minute);
  const periods = minutes.flatMap((minute) =>
    variants.map((variant) => ({
      variant,
      startMs: minute * minuteMs,
      requests: 40,
      failed: minute % 5 === 0 ? 1 : 0,
      fallbacks: 0,
      ...special(variant, minute),
    })),
  );
  return { periods, widthMs: minuteMs, variants, clusterSizes: new Map(), ...changes };
}

const isStormy = (minute: number) => minute >= 30 && minute < 36;

test("a time in which all variants fail is an incident, with its share and that of the rest", () => {
  const found = commonIncidents(traffic((_, minute) => (isStormy(minute) ? { failed: 34 } : undefined)));
  expect(found).toEqual([
    {
      fromMs: 30 * minuteMs,
      toMs: 36 * minuteMs,
      requests: 480,
      share: 0.85,
      shareOtherwise: expect.closeTo((16 * 2) / (84 * 80), 10),
    },
  ]);
});

test("failures of one variant and fallbacks of the other are one incident", () => {
  const found = commonIncidents(
    traffic((variant, minute) => {
      if (!isStormy(minute)) return undefined;
      return variant === "flash" ? { failed: 30 } : { fallbacks: 38 };
    }),
  );
  expect(found).toHaveLength(1);
});

test("what hits one variant alone is no common incident, whichever variant it is", () => {
  for (const hit of variants) {
    const alone = traffic((variant, minute) =>
      isStormy(minute) && variant === hit ? { fallbacks: 40 } : undefined,
    );
    expect(commonIncidents(alone)).toEqual([]);
    expect(fallbackStorms(alone, hit)).toMatchObject([
      { fromMs: 30 * minuteMs, toMs: 36 * minuteMs, share: 1 },
    ]);
    for (const other of variants.filter((variant) => variant !== hit))
      expect(fallbackStorms(alone, other)).toEqual([]);
  }
});

test("a variant without requests at the time was not hit", () => {
  const found = commonIncidents(
    traffic((variant, minute) => {
      if (!isStormy(minute)) return undefined;
      return variant === "flash" ? { requests: 0, failed: 0 } : { failed: 40 };
    }),
  );
  expect(found).toEqual([]);
});

test("failures are no storm of fallbacks", () => {
  const failing = traffic((_, minute) => (isStormy(minute) ? { failed: 40 } : undefined));
  expect(fallbackStorms(failing, "argon")).toEqual([]);
});

test("a request that fell back and failed all the same is troubled once", () => {
  const both = traffic((_, minute) => (isStormy(minute) ? { failed: 40, fallbacks: 40 } : undefined));
  expect(commonIncidents(both)).toMatchObject([{ share: 1 }]);
});

test("few large units that fall back as a whole are no storm", () => {
  const special = (variant: string, minute: number) =>
    variant === "argon" && minute === 30 ? { fallbacks: 12 } : undefined;
  const sizes = (size: number) => new Map([["argon", size]]);
  expect(fallbackStorms(traffic(special, { clusterSizes: sizes(1) }), "argon")).toHaveLength(1);
  expect(fallbackStorms(traffic(special, { clusterSizes: sizes(12) }), "argon")).toEqual([]);
});

test("a few requests are no storm, however rare fallbacks are otherwise", () => {
  const falling = (fallbacks: number) =>
    traffic((variant, minute) =>
      variant === "argon" && minute === 30 ? { requests: fallbacks, fallbacks } : undefined,
    );
  expect(fallbackStorms(falling(9), "argon")).toEqual([]);
  expect(fallbackStorms(falling(10), "argon")).toHaveLength(1);
});
