import { encodeFrames, frameKey, type FrameKey } from "./frame.ts";
import { encodeSegmentHeader, segmentHeaderBytes } from "./segment-header.ts";
import type { SpoolDisk, SpoolFile } from "./spool-disk.ts";

/** A lane's name, which its files begin with. */
export type LaneName = "usage" | "content";

const digits = 16;
const pattern = /^(usage|content)-(\d{16})\.spool$/;

/** A segment's file by its place in the lane. Numbers, not times: clocks jump. */
export function segmentName(lane: LaneName, sequence: number): string {
  return `${lane}-${String(sequence).padStart(digits, "0")}.spool`;
}

/** Which place of a lane a file's name tells; undefined when the file is none of that lane's segments. */
export function sequenceOf(name: string, lane: LaneName): number | undefined {
  const [, prefix, sequence] = pattern.exec(name) ?? [];
  return prefix === lane ? Number(sequence) : undefined;
}

/** What is known of a segment's file. */
interface SegmentParts {
  readonly name: string;
  readonly sequence: number;
  readonly file: SpoolFile;
  readonly key: FrameKey;
  readonly firstNumber: number;
  readonly lastNumber: number;
  readonly end: number;
  readonly synced: number;
  readonly waiting: number;
}

/** One file of a lane: a header, then entries. It is appended to until it is long enough, read, and removed. */
export class Segment {
  readonly name: string;
  readonly sequence: number;
  readonly file: SpoolFile;
  readonly key: FrameKey;
  readonly firstNumber: number;
  /** The number of the last entry; `firstNumber` - 1 while there is none. */
  lastNumber: number;
  /** Where the last whole entry ends. What lies behind it counts as nothing. */
  end: number;
  /** Up to here everything survives a power loss; 0 as long as nothing does, not even the file. */
  synced: number;
  /** Entries here that are not released. */
  waiting: number;

  constructor(parts: SegmentParts) {
    this.name = parts.name;
    this.sequence = parts.sequence;
    this.file = parts.file;
    this.key = parts.key;
    this.firstNumber = parts.firstNumber;
    this.lastNumber = parts.lastNumber;
    this.end = parts.end;
    this.synced = parts.synced;
    this.waiting = parts.waiting;
  }

  /** Begins a segment on disk. @throws what the disk throws; no file is left then, as far as that can be had */
  static create(
    disk: SpoolDisk,
    known: {
      readonly lane: LaneName;
      readonly sequence: number;
      readonly firstNumber: number;
      readonly salt: Uint8Array;
    },
  ): Segment {
    const name = segmentName(known.lane, known.sequence);
    const file = disk.create(name);
    try {
      file.write(encodeSegmentHeader(known), 0);
    } catch (error) {
      file.close();
      disk.remove(name);
      throw error;
    }
    return new Segment({
      ...known,
      name,
      file,
      key: frameKey(known.salt),
      lastNumber: known.firstNumber - 1,
      end: segmentHeaderBytes,
      synced: 0,
      waiting: 0,
    });
  }

  get isEmpty(): boolean {
    return this.end === segmentHeaderBytes;
  }

  get isSynced(): boolean {
    return this.synced === this.end;
  }

  /**
   * Adds entries whose first has the number after the last one here. After a failure the segment holds what it held.
   * @throws what the disk throws
   */
  append(payloads: readonly Uint8Array[]): void {
    const bytes = encodeFrames(payloads, this.lastNumber + 1, this.key);
    this.file.write(bytes, this.end);
    this.end += bytes.length;
    this.lastNumber += payloads.length;
    this.waiting += payloads.length;
  }

  /** Makes what is here at this moment survive a power loss. @throws what the disk throws */
  async sync(): Promise<void> {
    const { end } = this;
    await this.file.sync();
    this.synced = Math.max(this.synced, end);
  }
}
