import { configurationStoreContract } from "./store.contract.ts";
import { memoryConfigurationStore } from "./store.memory.ts";

configurationStoreContract("memory", async () => memoryConfigurationStore());
