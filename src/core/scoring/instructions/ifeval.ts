import { z } from "zod";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { fieldAt } from "#core/scoring/reference.ts";
import { unscored, verdict, type Unscored } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { countedInstructions } from "./counted.ts";
import { formedInstructions } from "./formed.ts";
import type { InstructionCheck } from "./instruction.ts";
import { stripped } from "./python-text.ts";

/** All 25 of IFEval, by their ids. */
const instructions = new Map(Object.entries({ ...countedInstructions, ...formedInstructions }));

/** `ifeval`: whether the answer follows all its instructions. */
export const ifevalConfig = z.strictObject({
  kind: z.literal("ifeval"),
  instructions: z
    .string()
    .min(1)
    .default("instruction_id_list")
    .meta({ description: "The field with the ids of the instructions.", examples: ["instruction_id_list"] }),
  options: z
    .string()
    .min(1)
    .default("kwargs")
    .meta({ description: "The field with the options of each, in the same order.", examples: ["kwargs"] }),
  reading: z
    .enum(["strict", "loose"])
    .default("strict")
    .meta({
      description:
        "Whether the answer counts as it is, or also without its first line, its last line, or its stars.",
      examples: ["loose"],
    }),
});

type IfevalConfig = z.infer<typeof ifevalConfig>;

/** Passes where all are followed (IFEval's prompt-level accuracy); the counts are how many are, and how many there are. */
export function ifevalScorer(config: IfevalConfig): Scorer {
  return ({ text, fields }) => {
    const checks = checksOf(config, fields);
    if (!checks.ok) return checks.error;
    const readings = config.reading === "strict" ? [text] : looseReadings(text);
    const missed = checks.value.filter(({ check }) => !readings.some((read) => follows(read, check)));
    const counts = [checks.value.length - missed.length, checks.value.length];
    const reason = missed.map(({ id }) => id).join(", ");
    return { ...verdict(missed.length === 0, reason === "" ? undefined : `Not followed: ${reason}`), counts };
  };
}

function follows(answer: string, check: InstructionCheck): boolean {
  return stripped(answer) !== "" && check(answer);
}

/** The eight readings of which one is enough: all of it or without its first or last line or both, with and without stars. */
function looseReadings(answer: string): readonly string[] {
  const lines = answer.split("\n");
  const readings = [
    answer,
    stripped(lines.slice(1).join("\n")),
    stripped(lines.slice(0, -1).join("\n")),
    stripped(lines.slice(1, -1).join("\n")),
  ];
  return [...readings, ...readings.map((reading) => reading.replaceAll("*", ""))];
}

interface NamedCheck {
  readonly id: string;
  readonly check: InstructionCheck;
}

function checksOf(config: IfevalConfig, fields: JsonObject): Result<readonly NamedCheck[], Unscored> {
  const ids = fieldAt(fields, config.instructions);
  const options = fieldAt(fields, config.options);
  if (ids === undefined) {
    return failed(
      unscored("reference-missing", `A field "${config.instructions}" is wanted, the item has none`),
    );
  }
  if (!isList(ids) || ids.length === 0) return failed(invalid("a list of instructions", config.instructions));
  const checks: NamedCheck[] = [];
  for (const [at, id] of ids.entries()) {
    const check = checkOf(id, isList(options) ? options[at] : undefined);
    if (typeof id !== "string" || !check) {
      return failed(
        invalid(`an instruction of IFEval with its options as number ${at + 1}`, config.instructions),
      );
    }
    checks.push({ id, check });
  }
  return ok(checks);
}

function checkOf(id: Json, options: Json | undefined): InstructionCheck | undefined {
  // Tables of the data set say null where an instruction has no such option.
  const given = Object.entries(isJsonObject(options) ? options : {}).filter(([, value]) => value !== null);
  return typeof id === "string" ? instructions.get(id)?.(Object.fromEntries(given)) : undefined;
}

function invalid(wanted: string, field: string): Unscored {
  return unscored("reference-invalid", `In "${field}", ${wanted} is wanted, another value is there`);
}
