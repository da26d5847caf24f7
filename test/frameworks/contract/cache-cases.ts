import { InMemoryCache } from "@langchain/core/caches";
import { HumanMessage } from "@langchain/core/messages";
import { expect } from "vitest";
import { onePixelPng } from "../../support/one-pixel-png.ts";
import type { CaseWorld, ContractCase } from "./contract-case.ts";

/** How many calls reach the provider meanwhile. */
async function callsOf({ signalbox }: CaseWorld, run: () => Promise<unknown>): Promise<number> {
  const before = signalbox.ledger().length;
  await run();
  return signalbox.ledger().length - before;
}

/** A cache that models share. */
export const cacheCases: readonly ContractCase[] = [
  {
    fact: "a cache answers the same question once",
    async holds(world) {
      const model = world.make({ cache: new InMemoryCache() });
      const calls = await callsOf(world, async () => {
        const first = await model.invoke("What is a signal box?");
        const second = await model.invoke("What is a signal box?");
        expect(second.text).toBe(first.text);
      });
      expect(calls).toBe(1);
    },
  },
  {
    fact: "a shared cache keeps models apart",
    async holds(world) {
      const cache = new InMemoryCache();
      const calls = await callsOf(world, async () => {
        for (const model of ["gemini-3.8-flash", "gemini-3.5-flash-lite"])
          await world.make({ cache, model }).invoke("What is a lever frame?");
      });
      expect(calls).toBe(2);
    },
  },
  {
    fact: "a shared cache keeps parameters apart",
    async holds(world) {
      const cache = new InMemoryCache();
      const calls = await callsOf(world, async () => {
        for (const temperature of [0, 1])
          await world.make({ cache, temperature }).invoke("What is an interlocking?");
      });
      expect(calls).toBe(2);
    },
  },
  {
    fact: "a cache knows one picture from another",
    async holds(world) {
      const model = world.make({ cache: new InMemoryCache() });
      const other = Buffer.concat([Buffer.from(onePixelPng, "base64"), Buffer.from([0])]).toString("base64");
      const calls = await callsOf(world, async () => {
        for (const data of [onePixelPng, other]) {
          const image_url = { url: `data:image/png;base64,${data}` };
          const content = [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url },
          ];
          await model.invoke([new HumanMessage({ content })]);
        }
      });
      expect(calls).toBe(2);
    },
  },
];
