import { z } from "zod";

/** `code`: whether the program that the answer writes passes its tests. */
export const codeConfig = z.strictObject({
  kind: z.literal("code"),
  language: z.enum(["python", "javascript"]).meta({
    description: "What the program is written in.",
    examples: ["python"],
  }),
  tests: z
    .string()
    .min(1)
    .default("test")
    .meta({
      description: "The field of the item with the tests: a program that fails unless the answer's is right.",
      examples: ["test"],
    }),
  before: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "The field with what stands before the answer's program: the beginning that it completes.",
      examples: ["prompt"],
    }),
  call: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "The field with the name that tests check: `check(<name>)` is run after them, as HumanEval's tests want it.",
      examples: ["entry_point"],
    }),
  timeout: z
    .number()
    .positive()
    .max(60)
    .default(5)
    .meta({
      description: "Longest time that the program may run, seconds.",
      examples: [5],
    }),
  memory_mb: z
    .int()
    .min(16)
    .max(4_096)
    .default(256)
    .meta({
      description: "The most memory that it may take, megabytes.",
      examples: [256],
    }),
});

/** How programs are tested. */
export type CodeConfig = z.output<typeof codeConfig>;
