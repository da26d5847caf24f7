import { jobStoreContract } from "./store.contract.ts";
import { memoryJobStore } from "./store.memory.ts";

jobStoreContract("memory", async () => memoryJobStore());
