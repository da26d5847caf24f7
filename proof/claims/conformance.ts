import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Claim } from "../claim.ts";
import { repository } from "../run-node.ts";
import { runTests } from "../run-tests.ts";

const folder = "test/conformance";

/** The packages that applications use, each of which must be tried. */
const clients = [
  "openai",
  "@google/genai",
  "@ai-sdk/openai",
  "@ai-sdk/google",
  "@langchain/openai",
  "@langchain/google",
  "@anthropic-ai/sdk",
] as const;

/** Real clients against a running Signalbox; the short form is the same, since all of it takes seconds. */
export const claim: Claim = {
  id: "conformance",
  title:
    "Seven real clients work: whole and streamed, tools, structured output, images, embeddings, abort, errors",
  wanted: "every fact of each of the 7 clients",
  async run() {
    const tried = await clientsTried();
    const { total, passed, files, failures } = await runTests(folder);
    return {
      ok: passed === total && tried.length === clients.length,
      figure: `${passed} of ${total} facts, ${tried.length} of ${clients.length} clients`,
      details: [`tried: ${tried.join(", ")}`, ...files, ...failures],
    };
  },
};

/** The clients that the tests import, under the name that npm has for them. */
async function clientsTried(): Promise<readonly string[]> {
  const names = (await readdir(join(repository, folder))).filter((name) => name.endsWith(".test.ts"));
  const texts = await Promise.all(names.map((name) => readFile(join(repository, folder, name), "utf8")));
  return clients.filter((client) =>
    texts.some((text) => text.includes(`from "${client}"`) || text.includes(`from "${client}/`)),
  );
}
