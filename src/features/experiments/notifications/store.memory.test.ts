import type { ExperimentTransition } from "../experiment-status.ts";
import { memoryExperimentStore } from "../store.memory.ts";
import type { ExperimentChange } from "./notification.ts";
import { notificationStoreContract } from "./store.contract.ts";
import { memoryNotificationStore } from "./store.memory.ts";

notificationStoreContract("memory", async () => {
  const statuses = memoryExperimentStore();
  const changes: ExperimentChange[] = [];
  return {
    store: memoryNotificationStore(() => changes),
    async change(status) {
      const { experiment } = status;
      await statuses.put(status, (await statuses.get(experiment))?.epoch ?? 0);
      const [newest]: readonly ExperimentTransition[] = await statuses.transitions(experiment, 1);
      if (newest) changes.push({ ...newest, experiment });
    },
  };
});
