import type { DeploymentStatus } from "./deployment-status.ts";
import type { DeploymentStore } from "./store.ts";

/** Statuses in memory, for tests. @param nowMs the store's clock, ms */
export function memoryDeploymentStore(nowMs: () => number): DeploymentStore {
  const statuses = new Map<string, DeploymentStatus>();
  const reports = new Map<string, { deployment: string; process: string; count: number; atMs: number }>();
  let epoch = 0;
  return {
    async read() {
      return { epoch, statuses: new Map(statuses) };
    },
    async epoch() {
      return epoch;
    },
    async get(deployment) {
      return statuses.get(deployment);
    },
    async put(status, replaces) {
      if ((statuses.get(status.deployment)?.epoch ?? 0) !== replaces) return undefined;
      epoch += 1;
      const kept = { ...status, epoch };
      statuses.set(status.deployment, kept);
      return kept;
    },
    async remove(deployment, known) {
      if (statuses.get(deployment)?.epoch !== known) return false;
      epoch += 1;
      return statuses.delete(deployment);
    },
    async reportUnderWay({ process, deployment, count }) {
      reports.set(JSON.stringify([deployment, process]), { deployment, process, count, atMs: nowMs() });
    },
    async underWayElsewhere(deployment, { process, freshMs }) {
      return [...reports.values()]
        .filter((report) => report.deployment === deployment && report.process !== process)
        .filter(({ atMs }) => atMs > nowMs() - freshMs)
        .reduce((sum, { count }) => sum + count, 0);
    },
    async forgetUnderWay(deployment) {
      for (const [key, report] of reports) if (report.deployment === deployment) reports.delete(key);
    },
  };
}
