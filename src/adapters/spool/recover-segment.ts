import { frameKey } from "./frame.ts";
import { scanSegment } from "./scan-segment.ts";
import { decodeSegmentHeader, segmentHeaderBytes, type SegmentHeader } from "./segment-header.ts";
import { Segment } from "./segment.ts";
import { diskErrorCode, type SpoolDisk, type SpoolFile } from "./spool-disk.ts";
import type { SpoolReport } from "./spool-port.ts";

/** A segment that was there at the start. */
interface Recovered {
  /** Undefined when the file holds nothing that can be read. */
  readonly segment: Segment | undefined;
  /** What was wrong with the file and what was done about it. */
  readonly reports: readonly SpoolReport[];
}

/** Bytes that are copied at once. */
const copyBytes = 1024 * 1024;

/**
 * Opens a segment that an earlier process left. What follows its last whole entry (a write that was under way, or
 * garbage) is cut off and kept in a file beside it; damage between whole entries stays where it is and is passed
 * over. Entries that can be read are never given up.
 * @param place.afterNumber the last entry of the segments before: what a failed sync made to be written twice has
 * the same number, and counts once
 */
export function recoverSegment(
  disk: SpoolDisk,
  place: { readonly name: string; readonly sequence: number; readonly afterNumber: number },
): Recovered {
  const { name, sequence } = place;
  const file = disk.open(name);
  const header = decodeSegmentHeader(file.read(0, segmentHeaderBytes));
  if (header === undefined || header === "foreign") return setAside(disk, { name, file, header });
  const key = frameKey(header.salt);
  const size = file.size();
  const found = survey(file, header, place.afterNumber);
  const { end, lastNumber } = found;
  const tail = end < size ? cutTail(disk, { name, file, end, size }) : undefined;
  const reports = [...damageReports(name, found), ...(tail ? [tail.report] : [])];
  if (end === segmentHeaderBytes) {
    file.close();
    if (tail?.kept !== false) disk.remove(name);
    return { segment: undefined, reports };
  }
  const { firstNumber } = header;
  const known = { name, sequence, file, key, firstNumber, lastNumber, end };
  return { segment: new Segment({ ...known, synced: end, waiting: found.entries }), reports };
}

/** What the bytes of a segment are. */
interface Survey {
  /** Where the last whole entry ends. */
  readonly end: number;
  /** Whole entries that no earlier segment has. */
  readonly entries: number;
  readonly lastNumber: number;
  readonly damagedBytes: number;
  /** Entries that were where the damage is, by the numbers around it. */
  readonly lostEntries: number;
}

function survey(file: SpoolFile, { salt, firstNumber }: SegmentHeader, afterNumber: number): Survey {
  const found = {
    end: segmentHeaderBytes,
    entries: 0,
    lastNumber: firstNumber - 1,
    damagedBytes: 0,
    lostEntries: 0,
  };
  const range = { from: segmentHeaderBytes, to: file.size(), key: frameKey(salt) };
  for (const one of scanSegment(file, range)) {
    if (one.kind === "damage") continue;
    const { number } = one.frame;
    if (one.from > found.end) {
      found.damagedBytes += one.from - found.end;
      found.lostEntries += Math.max(number - found.lastNumber - 1, 0);
    }
    found.end = one.to;
    found.lastNumber = Math.max(number, found.lastNumber);
    if (number > afterNumber) found.entries += 1;
  }
  return found;
}

function damageReports(name: string, { damagedBytes, lostEntries, entries }: Survey): readonly SpoolReport[] {
  if (damagedBytes === 0) return [];
  const text =
    `${damagedBytes} bytes between whole entries cannot be read, which were ${lostEntries} entries; ` +
    `the ${entries} whole ones are kept`;
  return [{ kind: "damaged", file: name, text }];
}

/** A file without a readable header: its entries cannot be told from other bytes. It stays, under another name. */
function setAside(
  disk: SpoolDisk,
  known: { readonly name: string; readonly file: SpoolFile; readonly header: "foreign" | undefined },
): Recovered {
  const { name, file, header } = known;
  const size = file.size();
  file.close();
  if (size === 0) {
    // Created an instant before the end: nothing was in it.
    disk.remove(name);
    return { segment: undefined, reports: [] };
  }
  const kept = freeName(disk, name);
  disk.rename(name, kept);
  const why =
    header === "foreign"
      ? "another version of Signalbox wrote it: start that version to empty it"
      : "neither copy of its header is whole";
  const text = `${size} bytes cannot be read, ${why}; the file is kept as "${kept}"`;
  return { segment: undefined, reports: [{ kind: "damaged", file: name, text }] };
}

interface Tail {
  readonly name: string;
  readonly file: SpoolFile;
  /** Where the last whole entry ends. */
  readonly end: number;
  readonly size: number;
}

/** Keeps what follows the last whole entry in a file of its own, then cuts it off; leaves it where there is no room. */
function cutTail(disk: SpoolDisk, tail: Tail): { readonly kept: boolean; readonly report: SpoolReport } {
  const { name, file, end, size } = tail;
  const found = `${size - end} bytes behind the last whole entry are no entry`;
  const copy = freeName(disk, name);
  try {
    copyTail(disk, tail, copy);
    file.truncate(end);
    return {
      kept: true,
      report: { kind: "repaired", file: name, text: `${found}: cut off, and kept in "${copy}"` },
    };
  } catch (error) {
    disk.remove(copy);
    const text = `${found}: passed over, and left where they are, since they could not be copied (${diskErrorCode(error)})`;
    return { kept: false, report: { kind: "damaged", file: name, text } };
  }
}

function copyTail(disk: SpoolDisk, { file, end, size }: Tail, copy: string): void {
  const target = disk.create(copy);
  try {
    for (let at = end; at < size; at += copyBytes) {
      target.write(file.read(at, Math.min(copyBytes, size - at)), at - end);
    }
  } finally {
    target.close();
  }
}

/** Where damaged bytes are kept: never over others. */
function freeName(disk: SpoolDisk, name: string): string {
  const taken = new Set(disk.list());
  let free = `${name}.damaged`;
  for (let number = 2; taken.has(free); number++) free = `${name}.${number}.damaged`;
  return free;
}
