import { z } from "zod";

/** A request's id in examples. */
export const exampleId = "019a5f3c-7d2e-7c41-9b3a-5e8f0c6d2a17";
/** Ways in which a request ends. */
export const outcomes = ["completed", "failed", "refused", "aborted"] as const;
/** A moment as the API writes it, ISO 8601 with its offset. */
export const instant = z.iso.datetime({ offset: true });
