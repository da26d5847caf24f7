import { z } from "zod";
import { isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { fieldAt, referenceKeys, referenceOf } from "#core/scoring/reference.ts";
import { unscored, verdict, type Unscored } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { chosenLetter } from "./chosen-letter.ts";
import { normalText, squadNorm } from "./normal-text.ts";

const lettersMax = 26;

/** `multiple_choice`: whether the answer chooses as the reference says. */
export const multipleChoiceConfig = z.strictObject({
  kind: z.literal("multiple_choice"),
  ...referenceKeys,
  choices: z
    .union([z.string().min(1), z.array(z.string()).min(2).max(lettersMax)])
    .default("choices")
    .meta({
      description:
        "The field of the item that lists the texts of the choices, or the texts themselves; without any, letters alone are known.",
      examples: ["choices", ["yes", "no"]],
    }),
  first_number: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .meta({
      description: "What number the first choice has where the reference is a number.",
      examples: [1],
    }),
});

type MultipleChoiceConfig = z.infer<typeof multipleChoiceConfig>;

/** An answer that names no choice is wrong; one that names the text of a choice names the choice. */
export function multipleChoiceScorer(config: MultipleChoiceConfig): Scorer {
  return ({ text, fields }) => {
    const choices = choicesOf(config, fields);
    const right = rightLetter(config, fields, choices);
    if (!right.ok) return right.error;
    const chosen =
      chosenText(text, choices, true) ??
      chosenLetter(text, choices.length || lettersMax) ??
      chosenText(text, choices, false);
    if (chosen === undefined) return verdict(false, "No choice can be read in the answer");
    return verdict(chosen === right.value, `The answer chooses ${chosen}`);
  };
}

function choicesOf({ choices }: MultipleChoiceConfig, fields: JsonObject): readonly string[] {
  const listed: Json | undefined = typeof choices === "string" ? fieldAt(fields, choices) : choices;
  return isList(listed)
    ? listed.map((choice) => (typeof choice === "string" ? choice : JSON.stringify(choice)))
    : [];
}

/** The right letter of a reference that is a letter, a number or the text of a choice. */
function rightLetter(
  config: MultipleChoiceConfig,
  fields: JsonObject,
  choices: readonly string[],
): Result<string, Unscored> {
  const found = referenceOf(config, fields);
  if (!found.ok) return found;
  const reference = found.value;
  const count = choices.length || lettersMax;
  if (typeof reference === "number") {
    const at = reference - config.first_number;
    if (Number.isInteger(at) && at >= 0 && at < count) return ok(letterAt(at));
  }
  if (typeof reference === "string") {
    const byText = choices.indexOf(reference);
    if (byText !== -1) return ok(letterAt(byText));
    const [, letter = ""] = /^[([]?([A-Za-z])[)\].]?$/.exec(reference.trim()) ?? [];
    if (letter !== "" && letter.toUpperCase().charCodeAt(0) - 65 < count) return ok(letter.toUpperCase());
  }
  const message = `A letter, a number or the text of a choice is wanted as the reference in "${config.reference}", another value is there`;
  return failed(unscored("reference-invalid", message));
}

/** The letter of the choice whose text the answer is, or, where no choice but one is in it, whose text it has. */
function chosenText(answer: string, choices: readonly string[], isWhole: boolean): string | undefined {
  const plain = ` ${normalText(answer, squadNorm)} `;
  const found = choices.flatMap((choice, index) => {
    const text = ` ${normalText(choice, squadNorm)} `;
    return text.trim() !== "" && (isWhole ? plain === text : plain.includes(text)) ? [index] : [];
  });
  const [only] = found;
  return only !== undefined && found.length === 1 ? letterAt(only) : undefined;
}

function letterAt(index: number): string {
  return String.fromCodePoint(65 + index);
}
