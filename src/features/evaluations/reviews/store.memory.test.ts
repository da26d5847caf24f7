import { reviewStoreContract } from "./store.contract.ts";
import { memoryReviewStore } from "./store.memory.ts";

reviewStoreContract("memory", async () => memoryReviewStore());
