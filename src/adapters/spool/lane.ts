import { framedBytes, frameHeaderBytes, payloadBytesMax } from "./frame.ts";
import { recoverSegment } from "./recover-segment.ts";
import { scanSegment } from "./scan-segment.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { Segment, sequenceOf, type LaneName } from "./segment.ts";
import { diskErrorCode, type SpoolDisk } from "./spool-disk.ts";
import type { BatchLimits, SpoolBatch, SpoolLane, SpoolReport } from "./spool-port.ts";

/** A segment this long gets no further entries, bytes: what is dropped at once when room is wanted, or read again after a crash. */
export const segmentBytesMax = 8 * 1024 * 1024;
/** Entries that no sync has confirmed yet are held in memory up to so many bytes, to be written again if it fails. */
export const heldBytesMax = 16 * 1024 * 1024;
/** A segment of which everything is released is removed when it is this long; a shorter one is appended to. */
const recycledBytesMin = 1024 * 1024;

/** Bytes that are copied at once. */
const copiedBytesMax = 1024 * 1024;

/** What a lane is made of. */
interface LaneParts {
  readonly name: LaneName;
  readonly disk: SpoolDisk;
  readonly salt: () => Uint8Array;
  /** Whether there is room for so many bytes more; may drop content to make it. */
  readonly makeRoom: (bytes: number) => boolean;
  /** Drops the oldest content. @returns whether there was any */
  readonly dropContent: () => boolean;
  readonly onReport: (report: SpoolReport) => void;
}

/** Entries that were taken and not yet synced. */
interface Held {
  readonly payloads: readonly Uint8Array[];
  readonly bytes: number;
  readonly firstNumber: number;
  /** Where they are written; undefined while the disk did not take them. */
  segment: Segment | undefined;
}

/** One lane of the spool: segments, the oldest read, the newest appended to. */
export class Lane implements SpoolLane {
  readonly #parts: LaneParts;
  /** Oldest first. */
  readonly #segments: Segment[] = [];
  /** The last of them while it can be appended to. */
  #active: Segment | undefined;
  #nextSequence = 1;
  #nextNumber = 1;
  /** Up to here the oldest segment is released. */
  #cursor = segmentHeaderBytes;
  /** The last entry that was released. */
  #releasedNumber = 0;
  /** Segments of earlier processes, of which nobody knows whether they were synced. */
  #inherited: Segment[] = [];
  /** Those of them whose sync has failed. */
  readonly #suspect = new Set<Segment>();
  readonly #held: Held[] = [];
  #heldBytes = 0;
  /** Whether files were made whose names may not survive a power loss. */
  #namesChanged = false;
  /** Why the disk did not take the last entries, or could not sync them. */
  trouble: string | undefined;

  /** Takes over what earlier processes left. */
  constructor(parts: LaneParts) {
    this.#parts = parts;
    for (const place of places(parts.disk, parts.name)) {
      this.#nextSequence = place.sequence + 1;
      const afterNumber = this.#nextNumber - 1;
      const { segment, reports } = recoverSegment(parts.disk, { ...place, afterNumber });
      for (const report of reports) parts.onReport(report);
      if (segment === undefined) continue;
      this.#segments.push(segment);
      this.#inherited.push(segment);
      this.#namesChanged = true;
      this.#nextNumber = Math.max(this.#nextNumber, segment.lastNumber + 1);
    }
  }

  get waiting(): number {
    const unwritten = this.#held.filter((held) => held.segment === undefined);
    return (
      this.#segments.reduce((sum, { waiting }) => sum + waiting, 0) +
      unwritten.reduce((sum, { payloads }) => sum + payloads.length, 0)
    );
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { end }) => sum + end, 0);
  }

  append(payloads: readonly Uint8Array[]): "kept" | "refused" {
    if (payloads.length === 0) return "kept";
    const bytes = framedBytes(payloads);
    if (payloads.some(({ length }) => length > payloadBytesMax)) return "refused";
    if (this.#heldBytes > 0 && this.#heldBytes + bytes > heldBytesMax) {
      this.trouble ??= "the disk does not keep up";
      return "refused";
    }
    this.#held.push({ payloads, bytes, firstNumber: this.#nextNumber, segment: undefined });
    this.#heldBytes += bytes;
    this.#nextNumber += payloads.length;
    this.#writeHeld();
    return "kept";
  }

  /** Whether something is not yet sure to survive a power loss. */
  get isDirty(): boolean {
    return this.#held.length > 0 || this.#namesChanged || this.#inherited.length > 0;
  }

  /** Makes what was appended survive a power loss, as far as the disk lets it. Never rejects. */
  async sync(): Promise<void> {
    this.#writeHeld();
    const written = this.#held.filter((held) => held.segment !== undefined);
    if (!(await this.#syncInherited())) return;
    try {
      for (const segment of this.#segments.filter((segment) => !segment.isSynced)) {
        // It may have been dropped while another was synced.
        if (this.#segments.includes(segment)) await segment.sync();
      }
    } catch (error) {
      this.#distrust(error);
      return;
    }
    if (!(await this.#syncNames())) return;
    for (const held of written) this.#letGo(held);
    if (this.#held.every((held) => held.segment !== undefined)) this.trouble = undefined;
  }

  read(limits: BatchLimits): SpoolBatch | undefined {
    for (;;) {
      const [segment] = this.#segments;
      if (segment === undefined) return undefined;
      const batch = this.#tryRead(segment, limits);
      if (batch !== undefined) return batch === "unreadable" ? undefined : batch;
      if (segment === this.#active || !segment.isSynced) return undefined;
      this.#removeRead(segment);
    }
  }

  /** Removes the oldest segment with all that is in it. @returns the entries that were lost by it; undefined when there is none */
  dropOldest(): number | undefined {
    const [segment] = this.#segments;
    if (segment === undefined) return undefined;
    const lost = segment.waiting;
    segment.waiting = 0;
    for (const held of this.#held.filter((held) => held.segment === segment)) this.#letGo(held);
    this.#releasedNumber = Math.max(this.#releasedNumber, segment.lastNumber);
    this.#remove(segment);
    return lost;
  }

  /** Removes the segment that is appended to when nothing in it is wanted any more. */
  trim(bytesMin = 0): void {
    const [segment] = this.#segments;
    if (segment === undefined || segment !== this.#active || this.#held.length > 0) return;
    if (this.#cursor < segment.end || segment.end < bytesMin || segment.isEmpty) return;
    this.#removeRead(segment);
  }

  close(): void {
    this.trim();
    for (const { file } of this.#segments) file.close();
  }

  /** Writes, in order, what the disk has not taken yet; stops at the first that it does not take. */
  #writeHeld(): void {
    for (;;) {
      const held = this.#held.find(({ segment }) => segment === undefined);
      if (held === undefined) return;
      if (!this.#parts.makeRoom(held.bytes + segmentHeaderBytes)) {
        this.trouble = "the spool is full";
        return;
      }
      if (!this.#write(held)) return;
    }
  }

  #write(held: Held): boolean {
    for (;;) {
      try {
        const segment = this.#segmentFor(held);
        segment.append(held.payloads);
        held.segment = segment;
        return true;
      } catch (error) {
        this.#seal();
        const code = diskErrorCode(error);
        const isFull = code === "ENOSPC" || code === "EDQUOT";
        if (isFull && this.#parts.dropContent()) continue;
        this.#report(isFull ? `the disk is full (${code})` : `the disk refuses to write (${code})`);
        return false;
      }
    }
  }

  /** The segment that takes these entries next; a new one where there is none or it is long enough. */
  #segmentFor({ bytes, firstNumber }: Held): Segment {
    const active = this.#active;
    const continues = active?.lastNumber === firstNumber - 1;
    if (active && continues && (active.isEmpty || active.end + bytes <= segmentBytesMax)) return active;
    const { disk, name: lane, salt } = this.#parts;
    const segment = Segment.create(disk, { lane, sequence: this.#nextSequence, firstNumber, salt: salt() });
    this.#nextSequence += 1;
    this.#namesChanged = true;
    if (this.#segments.length === 0) this.#cursor = segmentHeaderBytes;
    this.#segments.push(segment);
    this.#active = segment;
    return segment;
  }

  /** No further entries into the active segment: what a failed write left behind its end must not be followed by others. */
  #seal(): void {
    const segment = this.#active;
    this.#active = undefined;
    if (segment !== undefined) this.#cutBack(segment);
  }

  /** Removes from disk what counts as nothing. Where that fails the numbers tell at the next start what came twice. */
  #cutBack(segment: Segment): void {
    try {
      if (segment.isEmpty) this.#remove(segment);
      else segment.file.truncate(segment.end);
    } catch (error) {
      this.#report(`the disk refuses to truncate (${diskErrorCode(error)})`);
    }
  }

  /** @returns whether what earlier processes left survives a power loss */
  async #syncInherited(): Promise<boolean> {
    for (const segment of this.#inherited) {
      if (!this.#segments.includes(segment)) continue;
      try {
        if (this.#suspect.has(segment)) rewriteInPlace(segment);
        await segment.file.sync();
        this.#suspect.delete(segment);
      } catch (error) {
        this.#suspect.add(segment);
        this.#report(`the disk refuses to sync (${diskErrorCode(error)})`);
        return false;
      }
    }
    this.#inherited = [];
    return true;
  }

  /** @returns whether the names of all files survive a power loss */
  async #syncNames(): Promise<boolean> {
    if (!this.#namesChanged) return true;
    this.#namesChanged = false;
    try {
      await this.#parts.disk.syncDirectory();
      return true;
    } catch (error) {
      this.#namesChanged = true;
      this.#report(`the disk refuses to sync the directory (${diskErrorCode(error)})`);
      return false;
    }
  }

  /**
   * After a failed sync nobody knows which of the unsynced pages are on disk, and a second sync would say that all is
   * well (the kernel has marked them clean): what was not synced is written again, elsewhere.
   */
  #distrust(error: unknown): void {
    this.#active = undefined;
    const firstHeld = this.#held[0]?.firstNumber ?? this.#nextNumber;
    for (const held of this.#held) {
      if (held.segment !== undefined) held.segment.waiting -= held.payloads.length;
      held.segment = undefined;
    }
    for (const segment of this.#segments.filter((segment) => !segment.isSynced)) {
      segment.lastNumber = Math.min(segment.lastNumber, firstHeld - 1);
      segment.end = Math.max(segment.synced, segmentHeaderBytes);
      segment.synced = segment.end;
      this.#cutBack(segment);
    }
    this.#report(`the disk refuses to sync (${diskErrorCode(error)})`);
  }

  /** What the disk does not give now it may give later: nothing is passed over for that. */
  #tryRead(segment: Segment, limits: BatchLimits): SpoolBatch | "unreadable" | undefined {
    try {
      return this.#readFrom(segment, limits);
    } catch (error) {
      this.#report(`the disk refuses to read (${diskErrorCode(error)})`);
      return "unreadable";
    }
  }

  #readFrom(segment: Segment, { entriesMax, bytesMax }: BatchLimits): SpoolBatch | undefined {
    const payloads: Buffer[] = [];
    let bytes = 0;
    let next = this.#cursor;
    let lastNumber = this.#releasedNumber;
    for (const found of scanSegment(segment.file, { from: next, to: segment.synced, key: segment.key })) {
      if (found.kind === "entry" && found.frame.number > lastNumber) {
        const { payload, number } = found.frame;
        const isOver = payloads.length === entriesMax || bytes + payload.length > bytesMax;
        if (isOver && payloads.length > 0) break;
        payloads.push(payload);
        bytes += payload.length + frameHeaderBytes;
        lastNumber = number;
      }
      next = found.to;
    }
    if (payloads.length === 0) this.#cursor = Math.max(next, this.#cursor);
    else
      return {
        payloads,
        release: () => this.#release(segment, { next, lastNumber, count: payloads.length }),
      };
    return undefined;
  }

  #release(
    segment: Segment,
    {
      next,
      lastNumber,
      count,
    }: { readonly next: number; readonly lastNumber: number; readonly count: number },
  ): void {
    // Dropped meanwhile, to make room: it is counted there.
    if (this.#segments[0] !== segment || lastNumber <= this.#releasedNumber) return;
    this.#cursor = next;
    this.#releasedNumber = lastNumber;
    segment.waiting -= count;
    if (segment === this.#active) this.trim(recycledBytesMin);
    else if (next >= segment.end) this.#removeRead(segment);
  }

  /** Removes a segment that was read to its end. */
  #removeRead(segment: Segment): void {
    if (segment.waiting > 0) {
      const text = `${segment.waiting} entries that were written cannot be read`;
      this.#parts.onReport({ kind: "damaged", file: segment.name, text });
    }
    this.#remove(segment);
  }

  #remove(segment: Segment): void {
    const at = this.#segments.indexOf(segment);
    if (at === 0) this.#cursor = segmentHeaderBytes;
    this.#segments.splice(at, 1);
    if (this.#active === segment) this.#active = undefined;
    segment.file.close();
    this.#parts.disk.remove(segment.name);
  }

  #letGo(held: Held): void {
    const at = this.#held.indexOf(held);
    if (at === -1) return;
    this.#held.splice(at, 1);
    this.#heldBytes -= held.bytes;
  }

  /** Once for each trouble, not once for each attempt. */
  #report(text: string): void {
    if (this.trouble !== text)
      this.#parts.onReport({ kind: "disk-failed", text: `${this.#parts.name}: ${text}` });
    this.trouble = text;
  }
}

/** Makes the pages of a file dirty again, which a failed sync has marked clean whether they are on disk or not. */
function rewriteInPlace({ file, end }: Segment): void {
  for (let at = 0; at < end; at += copiedBytesMax) {
    file.write(file.read(at, Math.min(copiedBytesMax, end - at)), at);
  }
}

/** The lane's files, oldest first. */
function places(
  disk: SpoolDisk,
  lane: LaneName,
): readonly { readonly name: string; readonly sequence: number }[] {
  return disk
    .list()
    .flatMap((name) => {
      const sequence = sequenceOf(name, lane);
      return sequence === undefined ? [] : [{ name, sequence }];
    })
    .toSorted((one, other) => one.sequence - other.sequence);
}
