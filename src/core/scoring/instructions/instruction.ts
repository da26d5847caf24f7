import { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";

/** Whether an answer follows an instruction. */
export type InstructionCheck = (answer: string) => boolean;

/** Makes the check of an instruction of its options; undefined where they are not as it needs them. */
export type Instruction = (options: JsonObject) => InstructionCheck | undefined;

/** An instruction with options. */
export function instruction<Options>(
  schema: z.ZodType<Options>,
  follows: (answer: string, options: Options) => boolean,
): Instruction {
  return (options) => {
    const read = schema.safeParse(options);
    return read.success ? (answer) => follows(answer, read.data) : undefined;
  };
}

/** An instruction that has no options. */
export function plainInstruction(follows: InstructionCheck): Instruction {
  return () => follows;
}

/** How a count is compared; IFEval knows these two. */
export const relation = z.enum(["less than", "at least"]);

/** Whether a count is as wanted. */
export function isRelated(count: number, how: z.infer<typeof relation>, wanted: number): boolean {
  return how === "at least" ? count >= wanted : count < wanted;
}
