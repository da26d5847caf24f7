import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentBytesMax } from "./lane.ts";
import { memoryDisk } from "./memory-disk.ts";
import { simulatedDisk, type SimulatedDisk } from "./simulated-disk.test-support.ts";
import { openSpool } from "./spool.ts";
import type { SpoolDisk } from "./spool-disk.ts";
import type { Spool } from "./spool-port.ts";

/** What may happen to a spool, in any order. */
type Step =
  | { readonly kind: "append"; readonly sizes: readonly number[] }
  | { readonly kind: "sync" }
  /** A sync during which further entries come. */
  | { readonly kind: "sync-meanwhile"; readonly sizes: readonly number[] }
  | { readonly kind: "read"; readonly entriesMax: number; readonly release: boolean }
  | { readonly kind: "trim" }
  | {
      readonly kind: "fail";
      readonly what: "syncs" | "directory-syncs" | "truncations";
      readonly count: number;
    }
  | { readonly kind: "disk-room"; readonly bytes: number }
  | { readonly kind: "kill" }
  | { readonly kind: "power-loss" };

const sizes = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.nat(3_000) }, fc.nat(Math.floor(segmentBytesMax / 20))),
  {
    minLength: 1,
    maxLength: 6,
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("append" as const), sizes }) },
  { weight: 6, arbitrary: fc.constant({ kind: "sync" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sync-meanwhile" as const), sizes }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      entriesMax: fc.integer({ min: 1, max: 8 }),
      release: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "trim" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("fail" as const),
      what: fc.constantFrom("syncs", "directory-syncs", "truncations"),
      count: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("disk-room" as const),
      bytes: fc.constantFrom(0, 100, 5_000, 1e9),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "kill" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "power-loss" as const }) },
);

/** The usage lane beside what it should hold. */
class World {
  readonly disk: SimulatedDisk;
  readonly #chance: () => number;
  spool: Spool;
  /** Every entry that was ever taken, by its id. Ids grow in the order in which entries are taken. */
  readonly #known = new Map<number, Buffer>();
  /** Ids that are to be read, in order. */
  #wanted: number[] = [];
  /** So many of them a sync has confirmed. */
  #confirmed = 0;
  #nextId = 0;

  constructor(seed: number) {
    this.#chance = seededChance(seed);
    this.disk = simulatedDisk(this.#chance);
    this.spool = this.#open(this.disk);
  }

  append(lengths: readonly number[]): void {
    const payloads = lengths.map((length) => this.#payload(length));
    if (this.spool.usage.append(payloads) === "kept") this.#wanted.push(...payloads.map(idOf));
  }

  async sync(meanwhile: readonly number[] = []): Promise<void> {
    const taken = this.#wanted.length;
    const synced = this.spool.sync();
    if (meanwhile.length > 0) this.append(meanwhile);
    await synced;
    // Without trouble it covered what was there before it.
    if (this.spool.state().full === undefined) this.#confirmed = Math.max(this.#confirmed, taken);
  }

  read(entriesMax: number, release: boolean): void {
    const batch = this.spool.usage.read({ entriesMax, bytesMax: 1e9 });
    if (batch === undefined) return;
    const ids = batch.payloads.map((payload) => this.#knownId(payload));
    expect(ids).toEqual(this.#wanted.slice(0, ids.length));
    if (!release) return;
    batch.release();
    this.#wanted.splice(0, ids.length);
    this.#confirmed = Math.max(this.#confirmed - ids.length, 0);
  }

  /** Opens what a crash has left, and holds it against what must be there and what may be. */
  reopen(): void {
    this.disk.capacity = Infinity;
    const ids = this.#allIn(this.#open(copyOf(this.disk))).map((payload) => this.#knownId(payload));
    this.spool = this.#open(this.disk);
    // In order and once each. Released ones may be there again: that their files are gone no sync has confirmed.
    expect(ids).toEqual([...new Set(ids)].toSorted((one, other) => one - other));
    const there = new Set(ids);
    expect(this.#wanted.slice(0, this.#confirmed).filter((id) => !there.has(id))).toEqual([]);
    expect(this.spool.usage.waiting).toBe(ids.length);
    this.#wanted = ids;
    // What a process finds at its start it may not count as synced: a second crash can still take it.
    this.#confirmed = 0;
  }

  #open(disk: SpoolDisk): Spool {
    const salt = (): Uint8Array => Buffer.from(Array.from({ length: 8 }, () => this.#chance() * 256));
    return openSpool({ disk, bytesMax: 1e9, salt, nowMs: () => 0, onReport: () => undefined });
  }

  #allIn(spool: Spool): Buffer[] {
    const found: Buffer[] = [];
    for (;;) {
      const batch = spool.usage.read({ entriesMax: 1e6, bytesMax: 1e9 });
      if (batch === undefined) return found;
      found.push(...batch.payloads);
      batch.release();
    }
  }

  #payload(length: number): Buffer {
    const payload = Buffer.alloc(4 + length, this.#nextId % 251);
    payload.writeUInt32BE(this.#nextId, 0);
    this.#known.set(this.#nextId++, payload);
    return payload;
  }

  /** The id of an entry that was read, which must be one that was taken, byte for byte. */
  #knownId(payload: Buffer): number {
    const id = idOf(payload);
    expect(this.#known.get(id)?.equals(payload)).toBe(true);
    return id;
  }
}

function idOf(payload: Buffer): number {
  return payload.readUInt32BE(0);
}

/** The same files on another disk, to be read without touching these. */
function copyOf(disk: SimulatedDisk): SpoolDisk {
  const copy = memoryDisk();
  for (const name of disk.list()) copy.create(name).write(disk.bytesOf(name), 0);
  return copy;
}

async function take(world: World, one: Step): Promise<void> {
  switch (one.kind) {
    case "append":
      return world.append(one.sizes);
    case "sync":
      return world.sync();
    case "sync-meanwhile":
      return world.sync(one.sizes);
    case "read":
      return world.read(one.entriesMax, one.release);
    case "trim":
      return world.spool.trim();
    case "fail":
      if (one.what === "syncs") world.disk.syncsToFail = one.count;
      else if (one.what === "directory-syncs") world.disk.directorySyncsToFail = one.count;
      else world.disk.truncationsToFail = one.count;
      return;
    case "disk-room":
      world.disk.capacity = used(world.disk) + one.bytes;
      return;
    case "kill":
      // Whatever the disk took is in the page cache, which outlives a process.
      return world.reopen();
    case "power-loss":
      world.disk.losePower();
      return world.reopen();
  }
}

function used(disk: SimulatedDisk): number {
  return disk.list().reduce((sum, name) => sum + disk.bytesOf(name).length, 0);
}

/** mulberry32: small, and good enough to choose sectors. */
function seededChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("what a sync has confirmed survives any crash: in order, once, byte for byte, and nothing else is read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 60 }), async (seed, steps) => {
      const world = new World(seed);
      for (const one of steps) await take(world, one);
      world.disk.losePower();
      world.reopen();
    }),
    { numRuns: 400 },
  );
});
