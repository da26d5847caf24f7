import { z } from "zod";
import { described } from "./described.ts";

const fieldProblem = z.object({
  field: described(z.string(), "Which value: part of the request, then its path.", "query.limit"),
  wanted: described(z.string(), "What is accepted.", "at most 200"),
  actual: described(
    z.string(),
    "What came, by its kind; never the value itself when it is text.",
    "the number 5000",
  ),
  line: described(z.int().optional(), "Line in a configuration's text, from 1.", 12),
  file: described(
    z.string().optional(),
    "The file of a prompt that it is in, where it is not signalbox.yaml itself.",
    "prompts/support.yaml",
  ),
  column: described(z.int().optional(), "Column in that line, from 1.", 5),
});

/** An RFC 9457 problem, as the control plane sends it. */
export const problemSchema = z
  .object({
    type: described(
      z.string(),
      "URI of this kind of problem; compare it, do not open it.",
      "urn:signalbox:problem:not-found",
    ),
    title: described(z.string(), "The kind of problem in words, the same for each of its kind.", "Not found"),
    status: described(z.int(), "The HTTP status, again.", 404),
    detail: described(
      z.string(),
      "This problem in words: what was wanted and what came.",
      'Cannot find request "0199": no such id',
    ),
    code: described(z.string(), "The kind of problem as a word for programs.", "not-found"),
    request_id: described(
      z.string(),
      "Id of this call; the log carries it.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
    ),
    retryable: described(z.boolean(), "Whether the same call may succeed later.", false),
    errors: described(
      z.array(fieldProblem).optional(),
      "Each value that is not as wanted, for invalid requests; of an invalid configuration by the path in signalbox.yaml.",
      [{ field: "query.limit", wanted: "at most 200", actual: "the number 5000" }],
    ),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)." });
