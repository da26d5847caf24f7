import { experimentStoreContract } from "./store.contract.ts";
import { memoryExperimentStore } from "./store.memory.ts";

experimentStoreContract("memory", async () => memoryExperimentStore());
