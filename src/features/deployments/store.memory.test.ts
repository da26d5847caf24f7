import { deploymentStoreContract } from "./store.contract.ts";
import { memoryDeploymentStore } from "./store.memory.ts";

deploymentStoreContract("memory", async () => memoryDeploymentStore(() => 0));
