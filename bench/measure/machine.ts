import { cpus, loadavg, release, totalmem, type } from "node:os";

/** What figures were measured on. Tells the kind of machine, never which one. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Processes that had or waited for a core in the last minute: others' work makes figures worse. */
  readonly loadAverage: number;
}

/** The machine that this runs on. */
export function machine(): BenchMachine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    // The numbers tell what matters; what a distribution hangs behind them is nobody's business.
    system: `${type()} ${release().split(".").slice(0, 2).join(".")}`,
    node: process.versions.node,
    loadAverage: loadavg()[0] ?? Number.NaN,
  };
}
