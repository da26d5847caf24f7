import { keyStoreContract } from "./store.contract.ts";
import { memoryKeyStore } from "./store.memory.ts";

keyStoreContract("memory", async () => memoryKeyStore());
