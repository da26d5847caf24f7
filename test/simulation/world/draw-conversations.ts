import type { AffinityPlan, RequestPlan } from "./scenario.ts";
import type { SeededChance } from "../../support/seeded-chance.ts";

/** The part of the worlds whose route keeps conversations where they are. */
const affinityShare = 0.3;
/** How many conversations there are in such a world. */
const conversations = { min: 2, max: 6 };
/** The part of its requests that go on with one of them. */
const conversingShare = 0.6;
/** Simulated prompts are short. */
const cachedTokensMin = 4;

/** What keeps conversations where they are; undefined where nothing does. A second is worth nothing, little, or what is usual. */
export function drawAffinity(chance: SeededChance): AffinityPlan | undefined {
  if (!chance.happens(affinityShare)) return undefined;
  return {
    secondWorth: chance.one([0, 0, 1_000_000, 1_000_000_000]),
    margin: 0.2,
    cache: { ttlMs: chance.one([30_000, 120_000, 300_000]), tokensMin: cachedTokensMin },
  };
}

/** The same requests, some of them in conversations. */
export function conversing(chance: SeededChance, requests: readonly RequestPlan[]): readonly RequestPlan[] {
  const count = chance.integer(conversations.min, conversations.max);
  return requests.map((request) =>
    chance.happens(conversingShare)
      ? { ...request, conversation: `conversation-${chance.integer(1, count)}` }
      : request,
  );
}
