import type { SpoolDisk, SpoolFile } from "./spool-disk.ts";

/** A change of a file's bytes that is in the page cache and not, or not for sure, on the platter. */
type Change =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly length: number };

/** Power is cut between sectors, bytes. */
const sectorBytes = 512;

/** One file: what programs see, what a power loss leaves at least, and what lies between the two. */
class Inode {
  seen = Buffer.alloc(0);
  durable = Buffer.alloc(0);
  changes: Change[] = [];

  apply(change: Change): void {
    this.seen = applied(this.seen, change);
    this.changes.push(change);
  }

  sync(): void {
    for (const change of this.changes) this.durable = applied(this.durable, change);
    this.changes = [];
  }

  /** The kernel could not write some pages, and marks them clean all the same: no later sync writes them. */
  failSync(chance: () => number): void {
    for (const change of this.changes) if (chance() < 0.5) this.durable = torn(this.durable, change, chance);
    this.changes = [];
  }

  /** What is there when the power is back: of what was not synced any sectors, in any order. */
  losePower(chance: () => number): void {
    for (const change of this.changes) if (chance() < 0.7) this.durable = torn(this.durable, change, chance);
    this.changes = [];
    this.seen = Buffer.from(this.durable);
  }
}

/** What a test does to the disk beside using it. */
export interface SimulatedDisk extends SpoolDisk {
  /** Most bytes of all files together; a write beyond it writes a part and fails with ENOSPC. */
  capacity: number;
  /** So many syncs of files fail from now on, with EIO. */
  syncsToFail: number;
  /** So many syncs of the directory fail from now on, with EIO. */
  directorySyncsToFail: number;
  /** So many truncations fail from now on, with EIO. */
  truncationsToFail: number;
  /** Loses everything that no sync has made durable, as far as chance has it. Open files are closed. */
  losePower(): void;
  /** The bytes of a file as programs see them. */
  bytesOf(name: string): Buffer;
  /** Puts bytes in the place of a file's, durable at once. */
  replace(name: string, bytes: Uint8Array): void;
}

/**
 * A disk that keeps no more of its promises than a real one: what was not synced is lost, torn or reordered at a power
 * loss, names of files included; a sync can fail, after which the lost pages count as clean.
 * @param chance numbers in [0, 1); seeded, so that a failure can be seen again
 */
export function simulatedDisk(chance: () => number): SimulatedDisk {
  let names = new Map<string, Inode>();
  let durableNames = new Map<string, Inode>();
  const inodeOf = (name: string): Inode => {
    const inode = names.get(name);
    if (inode === undefined) throw diskError("ENOENT");
    return inode;
  };
  const used = (): number => [...names.values()].reduce((sum, { seen }) => sum + seen.length, 0);
  const disk: SimulatedDisk = {
    capacity: Infinity,
    syncsToFail: 0,
    directorySyncsToFail: 0,
    truncationsToFail: 0,
    list: () => [...names.keys()],
    create(name) {
      if (names.has(name)) throw diskError("EEXIST");
      names.set(name, new Inode());
      return disk.open(name);
    },
    open: (name) => simulatedFile(disk, { inode: inodeOf(name), used, chance }),
    remove: (name) => void names.delete(name),
    rename(name, to) {
      names.set(to, inodeOf(name));
      names.delete(name);
    },
    async syncDirectory() {
      await Promise.resolve();
      if (disk.directorySyncsToFail > 0) {
        disk.directorySyncsToFail -= 1;
        throw diskError("EIO");
      }
      durableNames = new Map(names);
    },
    losePower() {
      const kept = new Map<string, Inode>();
      for (const name of new Set([...names.keys(), ...durableNames.keys()])) {
        const inode = chance() < 0.5 ? names.get(name) : durableNames.get(name);
        if (inode !== undefined) kept.set(name, inode);
      }
      for (const inode of new Set(kept.values())) inode.losePower(chance);
      names = kept;
      durableNames = new Map(kept);
    },
    bytesOf: (name) => Buffer.from(inodeOf(name).seen),
    replace(name, bytes) {
      const inode = inodeOf(name);
      inode.seen = Buffer.from(bytes);
      inode.durable = Buffer.from(bytes);
      inode.changes = [];
    },
  };
  return disk;
}

function simulatedFile(
  disk: SimulatedDisk,
  {
    inode,
    used,
    chance,
  }: { readonly inode: Inode; readonly used: () => number; readonly chance: () => number },
): SpoolFile {
  return {
    size: () => inode.seen.length,
    write(bytes, position) {
      const grown = Math.max(position + bytes.length - inode.seen.length, 0);
      const room = Math.max(disk.capacity - used(), 0);
      const fitting = bytes.length - Math.max(grown - room, 0);
      if (fitting > 0)
        inode.apply({ kind: "write", position, bytes: Buffer.from(bytes.subarray(0, fitting)) });
      if (fitting < bytes.length) throw diskError("ENOSPC");
    },
    read: (position, length) => Buffer.from(inode.seen.subarray(position, position + length)),
    truncate(length) {
      if (disk.truncationsToFail > 0) {
        disk.truncationsToFail -= 1;
        throw diskError("EIO");
      }
      inode.apply({ kind: "truncate", length });
    },
    async sync() {
      // What is written while a sync is under way is not covered by it.
      const later = inode.changes.length;
      await Promise.resolve();
      const since = inode.changes.splice(later);
      if (disk.syncsToFail > 0) {
        disk.syncsToFail -= 1;
        inode.failSync(chance);
        inode.changes.push(...since);
        throw diskError("EIO");
      }
      inode.sync();
      inode.changes.push(...since);
    },
    close: () => undefined,
  };
}

function applied(bytes: Buffer, change: Change): Buffer<ArrayBuffer> {
  if (change.kind === "truncate") return Buffer.from(bytes.subarray(0, change.length));
  const size = Math.max(bytes.length, change.position + change.bytes.length);
  const next = Buffer.alloc(size);
  bytes.copy(next);
  change.bytes.copy(next, change.position);
  return next;
}

/** A change of which the disk wrote some sectors only; what it did not write is zeros, or what was there. */
function torn(bytes: Buffer, change: Change, chance: () => number): Buffer<ArrayBuffer> {
  if (change.kind === "truncate") return applied(bytes, change);
  const size = Math.max(bytes.length, change.position + Math.ceil(chance() * change.bytes.length));
  const next = Buffer.alloc(size);
  bytes.copy(next);
  for (let from = 0; from < change.bytes.length; from += sectorBytes) {
    const at = change.position + from;
    if (at < size && chance() < 0.6) {
      change.bytes.copy(next, at, from, Math.min(from + sectorBytes, from + size - at));
    }
  }
  return next;
}

function diskError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
