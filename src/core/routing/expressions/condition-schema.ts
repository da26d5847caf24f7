import { z } from "zod";
import { compileCondition } from "./condition.ts";

/** Reads a condition: as it is written, and compiled. */
export const conditionSchema = z
  .record(z.string(), z.json())
  .meta({
    description:
      "Fields and what they must be, such as { input_tokens: { $gt: 100000 }, tags.tier: free }; all must hold. See docs/routing.md.",
    examples: [{ "tags.tier": "free" }],
  })
  .transform((when, context) => {
    const compiled = compileCondition(when);
    if (compiled.ok) return { when, condition: compiled.value };
    for (const { path, wanted, ...params } of compiled.error) {
      context.addIssue({ code: "custom", message: wanted, path: [...path], params });
    }
    return z.NEVER;
  });
