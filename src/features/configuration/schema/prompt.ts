import { z } from "zod";
import { promptVersionSchema } from "#core/prompts/prompt-schema.ts";

/** Versions of one prompt, at most: what nobody uses can be removed. */
const versionsMax = 1_000;
/** Labels of one prompt, at most. */
const labelsMax = 50;

const versionWanted = "a whole number from 1, as the number of a version";
const labelWanted = "a label of letters, digits, '.', '_' and '-' that begins with a letter";

/** The number of a version, as a key. */
const versionNumber = z.string({ error: versionWanted }).regex(/^[1-9][0-9]{0,8}$/, { error: versionWanted });

/** What points at a version. */
export const promptLabel = z
  .string({ error: labelWanted })
  .regex(/^[A-Za-z][A-Za-z0-9._-]*$/, { error: labelWanted })
  .max(100, { error: "a label of at most 100 characters" });

/** `prompts.<name>`; also the whole of a file in the folder `prompts`. */
export const promptSchema = z
  .strictObject({
    description: z
      .string()
      .max(1_000)
      .optional()
      .meta({ description: "What it is for, for people.", examples: ["Answers of the support desk"] }),
    versions: z
      .record(versionNumber, promptVersionSchema)
      .refine((versions) => Object.keys(versions).length >= 1, { error: "at least one version" })
      .refine((versions) => Object.keys(versions).length <= versionsMax, {
        error: `at most ${versionsMax} versions`,
      })
      .meta({
        description: "What it says, by the number of the version. What has been in force never changes.",
      }),
    labels: z
      .record(
        promptLabel,
        z
          .int()
          .min(1)
          .meta({ description: "The number of a version.", examples: [2] }),
      )
      .refine((labels) => Object.keys(labels).length <= labelsMax, { error: `at most ${labelsMax} labels` })
      .optional()
      .meta({
        description:
          "Names that point at versions and can be moved: variants may name them instead of numbers.",
        examples: [{ production: 2, candidate: 3 }],
      }),
  })
  .meta({ description: "What is said around the messages of clients, in numbered versions." });

/** A prompt as written. */
export type PromptSettings = z.output<typeof promptSchema>;
