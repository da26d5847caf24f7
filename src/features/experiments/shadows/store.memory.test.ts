import { shadowStoreContract } from "./store.contract.ts";
import { memoryShadowStore } from "./store.memory.ts";

shadowStoreContract("memory", async () => memoryShadowStore());
