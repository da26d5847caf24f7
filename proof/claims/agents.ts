import type { Claim } from "../claim.ts";
import { runTests } from "../run-tests.ts";

/** Real clients over the emulator, which refuses a call whose signature is missing or is not its own; the short form is the same. */
export const claim: Claim = {
  id: "agents",
  title:
    "Thought signatures and parallel tool calls survive agents of ten turns over every pair of dialects, whole and streamed, with a change of the model in the middle",
  wanted:
    "every agent by clients of the four dialects before Gemini, Gemini in OpenAI's dialect and another maker's server; what cannot be valid is left out with a warning",
  async run() {
    const { total, passed, files, failures } = await runTests("test/conformance/agents.test.ts");
    return {
      ok: passed === total,
      figure: `${passed} of ${total} agents`,
      details: [...files, ...failures],
    };
  },
};
