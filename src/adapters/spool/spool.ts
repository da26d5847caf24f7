import { sizeText } from "#core/kernel/size-text.ts";
import { Lane } from "./lane.ts";
import { diskErrorCode, type SpoolDisk } from "./spool-disk.ts";
import type { Spool, SpoolReport, SpoolState } from "./spool-port.ts";

/** What a spool is opened with. */
export interface SpoolOptions {
  readonly disk: SpoolDisk;
  /** Most bytes of both lanes together on disk. */
  readonly bytesMax: number;
  /** 8 fresh random bytes. */
  readonly salt: () => Uint8Array;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
  readonly onReport: (report: SpoolReport) => void;
}

/** Room that is kept for the requests that are under way when the spool is said to be full, bytes: 10 000 of them. */
const reserveBytes = 16 * 1024 * 1024;
/** Most bytes of entries that can never be delivered. */
const asideBytesMax = 16 * 1024 * 1024;
const asideName = "rejected.jsonl";

/** Opens the spool on a disk and takes over what earlier processes left; what was wrong with it is reported. */
export function openSpool({ disk, bytesMax, salt, nowMs, onReport }: SpoolOptions): Spool {
  let contentDropped = 0;
  const syncs = { count: 0, seconds: 0, secondsMax: 0 };

  function dropContent(): boolean {
    const lost = content.dropOldest();
    if (lost === undefined) return false;
    contentDropped += lost;
    onReport({ kind: "content-dropped", text: `${lost} captured contents were dropped to make room` });
    return true;
  }

  function makeRoom(bytes: number): boolean {
    while (usage.bytes + content.bytes + bytes > bytesMax) if (!dropContent()) return false;
    return true;
  }

  const parts = { disk, salt, makeRoom, dropContent, onReport };
  const usage = new Lane({ ...parts, name: "usage" });
  const content = new Lane({ ...parts, name: "content" });

  return {
    usage,
    content,
    get isDirty() {
      return usage.isDirty || content.isDirty;
    },
    async sync() {
      if (!usage.isDirty && !content.isDirty) return;
      const startMs = nowMs();
      await Promise.all([usage, content].filter((lane) => lane.isDirty).map((lane) => lane.sync()));
      if (usage.trouble !== undefined) return;
      const seconds = (nowMs() - startMs) / 1_000;
      syncs.count += 1;
      syncs.seconds += seconds;
      syncs.secondsMax = Math.max(syncs.secondsMax, seconds);
    },
    setAside: (payload) => setAside(disk, payload, onReport),
    trim() {
      usage.trim();
      content.trim();
    },
    state: (): SpoolState => ({
      bytes: usage.bytes + content.bytes,
      full:
        usage.trouble ?? (isFull(usage, bytesMax) ? `the spool is full (${sizeText(bytesMax)})` : undefined),
      contentDropped,
      syncs: { ...syncs },
    }),
    close() {
      usage.close();
      content.close();
    },
  };
}

/** Said a little early, so that requests under way still find room. */
function isFull(usage: Lane, bytesMax: number): boolean {
  return usage.bytes > bytesMax - Math.min(reserveBytes, bytesMax / 4);
}

function setAside(disk: SpoolDisk, payload: Uint8Array, onReport: (report: SpoolReport) => void): boolean {
  try {
    const file = disk.list().includes(asideName) ? disk.open(asideName) : disk.create(asideName);
    try {
      const size = file.size();
      if (size + payload.length + 1 > asideBytesMax) return false;
      file.write(Buffer.concat([payload, Buffer.from("\n")]), size);
      return true;
    } finally {
      file.close();
    }
  } catch (error) {
    const text = `a rejected entry could not be kept (${diskErrorCode(error)})`;
    onReport({ kind: "disk-failed", file: asideName, text });
    return false;
  }
}
