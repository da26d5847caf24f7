import { expect, test } from "vitest";
import { deploymentSchema } from "./deployment.ts";

test.each(["\ud800", "a\r\nb", "\u001b[2J", "a\0"])(
  "the model %j is refused: no path could name it, and whoever lists it would obey it",
  (model) => {
    const { error } = deploymentSchema.safeParse({ provider: "google", model });
    expect(error?.issues.map(({ path, message }) => [...path, message])).toEqual([
      ["model", "a text without control characters or broken Unicode"],
    ]);
  },
);
