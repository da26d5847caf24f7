import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";

/** `routes.<name>.kept_answers` */
export const keptAnswersSchema = z
  .strictObject({
    max_age: duration({ description: "How old an answer may be when it is given again.", examples: ["1h"] }),
    shared: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether an answer may be given to another caller, or for another unit, than the one who got it first. Only for " +
          "routes whose answers hold nothing that is not for everybody.",
        examples: [false],
      }),
  })
  .meta({
    description:
      "Keeps whole answers in memory, whatever `capture` says, and gives the same request the kept one when nobody answers.",
    examples: [{ max_age: "1h" }],
  });
