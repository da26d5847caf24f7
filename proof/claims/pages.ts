import type { Claim } from "../claim.ts";
import { runTests } from "../run-tests.ts";

/** The pages as a person uses them; the short form is the same, since all of it takes a minute. */
export const claim: Claim = {
  id: "pages",
  title: "Swagger UI and the playground in real Chromium: calls tried by click, streams seen growing",
  wanted: "every fact, nothing asked of other addresses, no error in the console",
  async run() {
    const { total, passed, files, failures } = await runTests("test/e2e/product-pages.test.ts");
    return { ok: passed === total, figure: `${passed} of ${total} facts`, details: [...files, ...failures] };
  },
};
