import { digest } from "./random.ts";

/** Emulates implicit caching: knows which beginnings of prompts were seen before. */
export interface PrefixCache {
  /** Tokens of the longest beginning seen before, in whole blocks; remembers this prompt's blocks. */
  cachedTokens(scope: string, promptText: string): number;
}

const blockTokens = 256;
const blockCharacters = blockTokens * 4;
const blocksMax = 100_000; // the blocks used longest ago are forgotten first

/** An empty cache. It is per emulator; `scope` (key and model) keeps entries apart. */
export function createPrefixCache(): PrefixCache {
  const blocks = new Set<string>();
  return {
    cachedTokens(scope, promptText) {
      let chain = scope;
      let seen = 0;
      let isUnbroken = true;
      for (let at = 0; at + blockCharacters <= promptText.length; at += blockCharacters) {
        chain = digest(chain, promptText.slice(at, at + blockCharacters));
        isUnbroken = isUnbroken && blocks.has(chain);
        if (isUnbroken) seen += 1;
        blocks.delete(chain);
        blocks.add(chain);
        const oldest = blocks.values().next().value;
        if (blocks.size > blocksMax && oldest !== undefined) blocks.delete(oldest);
      }
      return seen * blockTokens;
    },
  };
}
