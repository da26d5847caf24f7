import type { LogFacts } from "#adapters/telemetry/log-metrics.ts";
import type { RecorderState } from "#features/traffic/index.ts";

/** The state of the log as metrics name it. */
export function logMetrics(state: RecorderState, nowMs: number): LogFacts {
  const { oldestMs } = state;
  return {
    waitingRows: state.waiting,
    oldestWaitingSeconds: oldestMs === undefined ? 0 : Math.max(nowMs - oldestMs, 0) / 1_000,
    storedRows: state.stored,
    droppedRows: state.dropped,
    gaps: state.gaps,
    rejectedRows: state.rejected,
    retries: state.retries,
    spoolBytes: state.spoolBytes,
    droppedContents: state.contentDropped,
    isFull: state.full !== undefined,
    syncs: state.syncs,
  };
}
