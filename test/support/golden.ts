import { expect, test } from "vitest";
import { z } from "zod";
import { readVector } from "./read-vector.ts";

/** A number of a golden file; JSON has no infinities, so they are text. */
const goldenNumber = z.union([
  z.number(),
  z.enum(["Infinity", "-Infinity"]).transform((text) => Number(text)),
]);

/** An interval of a golden file. */
export const goldenInterval = z.tuple([goldenNumber, goldenNumber]);

/** One case of a golden file: its own check of a value against an expected one, at the tolerance of the case. */
export interface GoldenCase<Input, Expected> {
  readonly input: Input;
  readonly expected: Expected;
  /** Expects numbers, or lists of numbers, to be as close as the case says. */
  readonly close: (actual: Numbers, expected: Numbers) => void;
}

type Numbers = number | readonly number[];

/**
 * One test for each case of a file of test/vectors/experiments that `select` takes.
 * @returns how many there are, for a test that no case was left out
 */
export function testGolden<Input, Expected>(
  file: string,
  schemas: { readonly input: z.ZodType<Input>; readonly expected: z.ZodType<Expected> },
  check: (golden: GoldenCase<Input, Expected>) => void,
): number {
  const schema = z.object({
    id: z.string(),
    description: z.string(),
    tolerance: z.number(),
    toleranceKind: z.literal("relative").optional(),
    ...schemas,
  });
  // Files may hold kinds of cases side by side: those of other kinds are not ours.
  const cases = z
    .array(z.unknown())
    .parse(readVector(`experiments/${file}`))
    .flatMap((found) => schema.safeParse(found).data ?? []);
  test.each(cases)("$id: $description", ({ input, expected, tolerance, toleranceKind }) => {
    const close = (actual: Numbers, wanted: Numbers): void => {
      const [left, right] = [[actual].flat(), [wanted].flat()];
      expect(left).toHaveLength(right.length);
      for (const [index, value] of right.entries()) {
        const scale = toleranceKind === "relative" ? Math.abs(value) : 1;
        const near =
          left[index] === value || Math.abs((left[index] ?? Number.NaN) - value) <= tolerance * scale;
        expect(near, `${left[index]} is within ${tolerance} of ${value}`).toBe(true);
      }
    };
    check({ input, expected, close });
  });
  return cases.length;
}
