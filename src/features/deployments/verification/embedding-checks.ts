import { cosine } from "#core/kernel/cosine.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { isJsonObject, isList } from "#core/kernel/json.ts";
import type { Ask, VerificationAnswer } from "./ask.ts";
import { found, price, type Check, type Finding } from "./check.ts";

/** What is embedded: texts of which no two mean the same. */
const texts = [
  "A ferry crosses the river every hour.",
  "The bakery opens at six.",
  "Snow fell on the eastern hills.",
] as const;
/** A provider that cannot do what was asked, and says so, is one that is not asked for it. */
const notDone = 400;

/** What is tried of a deployment that makes vectors, in this order. */
export const embeddingChecks: readonly Check[] = [
  { name: "vector", skipped: () => undefined, run: vector },
  { name: "batch", skipped: () => undefined, run: batch },
  { name: "dimensions", skipped: () => undefined, run: dimensions },
  { name: "usage", skipped: () => undefined, run: usage },
  price,
];

/** What a check is given beside the deployment. */
interface Context {
  readonly ask: Ask;
  readonly answers: readonly VerificationAnswer[];
}

async function vector(_deployment: unknown, { ask }: Context): Promise<Finding> {
  const answer = await ask(embedding({ input: texts[0] }));
  const [first, ...others] = vectorsOf(answer);
  const wrong =
    answer.problem ?? (others.length > 0 ? "more than one vector comes for one text" : wrongIn(first));
  return wrong === undefined
    ? found("passed", `embeds a text in ${first?.length ?? 0} numbers`, [answer])
    : found("failed", wrong, [answer]);
}

async function batch(_deployment: unknown, { ask, answers }: Context): Promise<Finding> {
  const answer = await ask(embedding({ input: [...texts] }));
  if (answer.status === notDone)
    return found("skipped", `takes one text a call (${answer.problem ?? ""})`, [answer]);
  const vectors = vectorsOf(answer);
  const wrong =
    answer.problem ??
    vectors.map(wrongIn).find((one) => one !== undefined) ??
    wrongTogether(vectors, answers);
  return wrong === undefined
    ? found("passed", `embeds ${texts.length} texts in one call, each in its place`, [answer])
    : found("failed", wrong, [answer]);
}

/** @param answers of the checks before: the first is of the first text alone */
function wrongTogether(
  vectors: readonly (readonly number[])[],
  answers: readonly VerificationAnswer[],
): string | undefined {
  if (vectors.length !== texts.length) return `${texts.length} vectors are wanted, ${vectors.length} came`;
  const alone = vectorsOf(answers[0])[0] ?? [];
  if (vectors.some(({ length }) => length !== alone.length)) return "not all vectors have the same length";
  const nearest = vectors.map((one) => cosine(one, alone));
  return nearest.indexOf(Math.max(...nearest)) === 0
    ? undefined
    : "the vectors are not in the order of the texts";
}

/** A shorter vector is asked for: half of the usual length. */
async function dimensions(_deployment: unknown, { ask, answers }: Context): Promise<Finding> {
  const usual = vectorsOf(answers[0])[0]?.length ?? 0;
  const wanted = Math.max(1, Math.floor(usual / 2));
  const answer = await ask(embedding({ input: texts[0], dimensions: wanted }));
  if (answer.status === notDone)
    return found("skipped", `gives no other length than ${usual} (${answer.problem ?? ""})`, [answer]);
  const length = vectorsOf(answer)[0]?.length ?? 0;
  const wrong = answer.problem ?? wrongIn(vectorsOf(answer)[0]);
  if (wrong !== undefined) return found("failed", wrong, [answer]);
  if (length === wanted)
    return found("passed", `gives vectors of another length (${wanted} numbers)`, [answer]);
  return length === usual
    ? found("skipped", `gives ${usual} numbers, whatever length is asked for`, [answer])
    : found("failed", `${wanted} numbers are wanted, ${length} came`, [answer]);
}

/** The Gemini API does not say it: the gateway's own estimate is priced then, and marked as one. */
async function usage(_deployment: unknown, { answers }: Context): Promise<Finding> {
  const told = answers.filter(({ problem }) => problem === undefined);
  const silent = told.filter(({ payloads: [payload] }) => tokensOf(payload) === 0);
  if (silent.length === told.length) return found("skipped", "its provider does not say; it is estimated");
  return silent.length === 0
    ? found("passed", "each answer says how many tokens it took")
    : found(
        "failed",
        `${silent.length} of ${told.length} answers do not say how many tokens they took`,
        silent,
      );
}

function embedding(body: JsonObject) {
  return { operation: "embeddings", body } as const;
}

/** The vectors of an answer, by the places that it gives them. */
function vectorsOf(answer: VerificationAnswer | undefined): readonly (readonly number[])[] {
  const data = answer?.payloads[0]?.["data"];
  const items = isList(data) ? data.filter(isJsonObject) : [];
  return items
    .toSorted((one, other) => Number(one["index"]) - Number(other["index"]))
    .map(({ embedding: numbers }) => (isList(numbers) ? numbers.map(Number) : []));
}

function tokensOf(payload: JsonObject | undefined): number {
  const told = payload?.["usage"];
  return isJsonObject(told) ? Number(told["prompt_tokens"] ?? 0) : 0;
}

function wrongIn(numbers: readonly number[] | undefined): string | undefined {
  if (numbers === undefined || numbers.length === 0) return "no vector comes";
  if (!numbers.every(Number.isFinite)) return "not all of the vector are numbers";
  return numbers.every((number) => number === 0) ? "the vector is nothing but zeros" : undefined;
}
