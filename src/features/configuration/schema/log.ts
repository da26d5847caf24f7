import { z } from "zod";
import { detectorNames } from "#core/redaction/detectors.ts";
import { byteSize } from "#core/kernel/byte-size.ts";
import { period } from "#core/kernel/period.ts";

/** Most own patterns, and the longest of them, characters. */
const patternsMax = 64;
const patternLengthMax = 1_000;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "gu").global;
  } catch {
    // Not a regular expression is the answer here, told as false.
    return false;
  }
}

const pattern = z
  .string()
  .min(1)
  .max(patternLengthMax)
  .refine(isPattern, { error: "a regular expression" })
  .meta({
    description: "A JavaScript regular expression with the flag u.",
    examples: [String.raw`\bC-\d{6}\b`],
  });

/** `log`: where the request log goes, how much room it has on the way, and how long it is kept. */
export const logSchema = z
  .strictObject({
    store: z
      .enum(["database", "none"])
      .default("database")
      .meta({
        description:
          "`database`: every request is kept. `none`: nothing is; the newest requests of this process are still shown.",
        examples: ["database"],
      }),
    spool: z
      .strictObject({
        size: byteSize({
          description: "Most room on disk for what waits for the database, 64MB to 1TB.",
          examples: ["1GB"],
          smallest: "64MB",
          largest: "1TB",
        }).prefault("1GB"),
      })
      .prefault({})
      .meta({ description: "The files that hold the log while the database is away." }),
    when_full: z
      .enum(["refuse", "serve"])
      .default("refuse")
      .meta({
        description:
          "When the spool or the disk is full of usage. `refuse`: new requests get 503 until there is room. `serve`: requests go on, and the log keeps a row that says how many it lost.",
        examples: ["refuse"],
      }),
    redact: z
      .strictObject({
        detect: z
          .array(z.enum(detectorNames))
          .default([...detectorNames])
          .meta({
            description: "What is found by its form: all of them unless said otherwise.",
            examples: [["email", "card", "secret"]],
          }),
        patterns: z
          .record(z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, "a short word"), pattern)
          .refine((patterns) => Object.keys(patterns).length <= patternsMax, {
            error: `at most ${patternsMax} patterns`,
          })
          .default({})
          .meta({
            description:
              "Own patterns (JavaScript regular expressions) by the word that takes the place of a find.",
            examples: [{ customer: String.raw`\bC-\d{6}\b` }],
          }),
        hook: z
          .string()
          .min(1)
          .optional()
          .meta({
            description:
              "A module beside this file whose export `redact` takes a text and gives back what may be stored.",
            examples: ["./redact.js"],
          }),
      })
      .prefault({})
      .meta({
        description: "What is taken out of captured prompts and answers before they are written anywhere.",
      }),
    retention: z
      .strictObject({
        rows: period({ description: "How long requests are kept.", examples: ["90d"] }).prefault("90d"),
        content: period({
          description: "How long captured prompts and answers are kept, where a route captures any.",
          examples: ["14d"],
        }).prefault("14d"),
        experiments: period({
          description:
            "How long what each unit of an experiment did is kept after the phase ended in which it did it, under its pseudonym; what happened by the minute goes with it.",
          examples: ["400d"],
        }).prefault("400d"),
      })
      .prefault({})
      .meta({ description: "How long the log is kept, in days (`90d`) or hours (`36h`)." }),
  })
  .meta({ description: "The request log." });

/** What is in force when nothing is written. */
export const logDefaults: LogSettings = logSchema.parse({});

/** `log` as written. */
export type LogSettings = z.output<typeof logSchema>;
