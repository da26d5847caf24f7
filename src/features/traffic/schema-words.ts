import { z } from "zod";
import { degradedSteps } from "#core/routing/degraded.ts";

/** A request's id in examples. */
export const exampleId = "019a5f3c-7d2e-7c41-9b3a-5e8f0c6d2a17";
/** Ways in which a request ends. */
export const outcomes = ["completed", "failed", "refused", "aborted"] as const;
/** A moment as the API writes it, ISO 8601 with its offset. */
export const instant = z.iso.datetime({ offset: true });

/** The step of the ladder that answered. */
export const degraded = z
  .enum(degradedSteps)
  .nullable()
  .meta({
    description:
      "What answered in place of what was decided: the variant at another deployment after a failure (`elsewhere`), a " +
      "`fallback`, one with a `shorter` answer, or an answer that had been kept (`cached`); null where none of them did.",
    examples: ["fallback"],
  });
