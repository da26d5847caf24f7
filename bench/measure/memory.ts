import { readFileSync } from "node:fs";

/** Memory of a process, MiB. */
export interface Memory {
  /** Resident now. */
  readonly residentMiB: number;
  /** The most that was ever resident. */
  readonly peakMiB: number;
}

/**
 * Reads a process's memory from /proc/<pid>/status (VmRSS and VmHWM; Linux). Threads share it: PGlite in its worker is
 * in it, a Postgres server is not.
 */
export function memoryOf(pid: number): Memory {
  return readMemory(readFileSync(`/proc/${pid}/status`, "latin1"));
}

/** Reads the text of such a file. */
export function readMemory(status: string): Memory {
  return { residentMiB: mebibytes(status, "VmRSS"), peakMiB: mebibytes(status, "VmHWM") };
}

function mebibytes(status: string, field: string): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kibibytes === undefined)
    throw new Error(`Cannot read memory: a line "${field}" is wanted, there is none`);
  return Number(kibibytes) / 1024;
}
