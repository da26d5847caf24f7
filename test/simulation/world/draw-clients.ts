import type { DialectName } from "#core/llm/dialect-name.ts";
import type { RequestPlan } from "./scenario.ts";
import type { SeededChance } from "../../support/seeded-chance.ts";

/** The part of the requests whose clients speak a dialect that no provider speaks: as many as speak one of the others. */
const foreignShare = 0.5;
const foreign: readonly [DialectName, ...DialectName[]] = ["anthropic", "openai-responses"];

/** The same requests, some of them by clients of Anthropic and of the Responses API. */
export function spokenOtherwise(
  chance: SeededChance,
  requests: readonly RequestPlan[],
): readonly RequestPlan[] {
  return requests.map((request) =>
    chance.happens(foreignShare) ? { ...request, dialect: chance.one(foreign), jsonArray: false } : request,
  );
}
