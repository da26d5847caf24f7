import { requestLogContract } from "./store.contract.ts";
import { memoryRequestLogStore } from "./store.memory.ts";

requestLogContract("memory", async () => memoryRequestLogStore());
