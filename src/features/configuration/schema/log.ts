import { z } from "zod";
import { byteSize } from "#core/kernel/byte-size.ts";
import { period } from "#core/kernel/period.ts";

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
    retention: z
      .strictObject({
        rows: period({ description: "How long requests are kept.", examples: ["90d"] }).prefault("90d"),
        content: period({
          description: "How long captured prompts and answers are kept, where a route captures any.",
          examples: ["14d"],
        }).prefault("14d"),
      })
      .prefault({})
      .meta({ description: "How long the log is kept, in days (`90d`) or hours (`36h`)." }),
  })
  .meta({ description: "The request log." });

/** What is in force when nothing is written. */
export const logDefaults: LogSettings = logSchema.parse({});

/** `log` as written. */
export type LogSettings = z.output<typeof logSchema>;
