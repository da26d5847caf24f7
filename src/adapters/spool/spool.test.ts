import { mkdtempSync, readFileSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeFrames, frameKey, payloadBytesMax } from "./frame.ts";
import { heldBytesMax, segmentBytesMax } from "./lane.ts";
import { nodeDisk } from "./node-disk.ts";
import { segmentHeaderBytes } from "./segment-header.ts";
import { simulatedDisk, type SimulatedDisk } from "./simulated-disk.test-support.ts";
import type { SpoolDisk } from "./spool-disk.ts";
import type { Spool, SpoolLane, SpoolReport } from "./spool-port.ts";
import { openSpool } from "./spool.ts";

const megabyte = 1024 * 1024;
const salt = Buffer.from("saltsalt");
const first = "usage-0000000000000001.spool";

function opened(disk: SpoolDisk, bytesMax = 1e9): { readonly spool: Spool; readonly reports: SpoolReport[] } {
  const reports: SpoolReport[] = [];
  const onReport = (report: SpoolReport): void => void reports.push(report);
  return { spool: openSpool({ disk, bytesMax, salt: () => salt, nowMs: () => 0, onReport }), reports };
}

function disk(): SimulatedDisk {
  return simulatedDisk(() => 0.5);
}

function texts(...entries: readonly string[]): Buffer[] {
  return entries.map((entry) => Buffer.from(entry));
}

/** Everything that a lane holds, which is released. */
function readAll(lane: SpoolLane): string[] {
  const found: string[] = [];
  for (;;) {
    const batch = lane.read({ entriesMax: 100, bytesMax: 1e9 });
    if (batch === undefined) return found;
    found.push(...batch.payloads.map((payload) => payload.toString()));
    batch.release();
  }
}

/** A disk on which a process has left these entries, each synced. */
async function diskWith(...entries: readonly string[]): Promise<SimulatedDisk> {
  const left = disk();
  const { spool } = opened(left);
  spool.usage.append(texts(...entries));
  await spool.sync();
  return left;
}

describe("entries", () => {
  test("are read in order, by both limits, the same again until they are released", async () => {
    const { spool } = opened(disk());
    spool.usage.append(texts("a", "b"));
    spool.usage.append(texts("c", "", "e"));
    expect(spool.usage.read({ entriesMax: 9, bytesMax: 9 })).toBeUndefined();
    await spool.sync();
    const read = (entriesMax: number, bytesMax: number) => {
      const batch = spool.usage.read({ entriesMax, bytesMax });
      return batch?.payloads.map(String);
    };
    expect(read(2, 1e9)).toEqual(["a", "b"]);
    expect(read(9, 0)).toEqual(["a"]);
    expect(read(9, 1e9)).toEqual(["a", "b", "c", "", "e"]);
    spool.usage.read({ entriesMax: 3, bytesMax: 1e9 })?.release();
    expect(spool.usage.waiting).toBe(2);
    expect(read(9, 1e9)).toEqual(["", "e"]);
  });

  test("a batch that is released twice is released once", async () => {
    const { spool } = opened(disk());
    spool.usage.append(texts("a", "b"));
    await spool.sync();
    const batch = spool.usage.read({ entriesMax: 1, bytesMax: 1e9 });
    batch?.release();
    batch?.release();
    expect(spool.usage.waiting).toBe(1);
    expect(readAll(spool.usage)).toEqual(["b"]);
  });

  test("longer than a segment or a window come back whole; longer than allowed are refused", async () => {
    const { spool } = opened(disk());
    const long = "x".repeat(segmentBytesMax + megabyte);
    expect(spool.content.append(texts("a", long, "b"))).toBe("kept");
    await spool.sync();
    expect(readAll(spool.content)).toEqual(["a", long, "b"]);
    expect(spool.content.append([Buffer.alloc(payloadBytesMax + 1)])).toBe("refused");
  });

  test("released segments are removed, so that a spool that is drained takes no room", async () => {
    const left = disk();
    const { spool } = opened(left);
    for (let round = 0; round < 20; round++) {
      spool.usage.append([Buffer.alloc(megabyte, round)]);
      await spool.sync();
    }
    expect(left.list()).toHaveLength(3);
    expect(readAll(spool.usage)).toHaveLength(20);
    spool.trim();
    expect(left.list()).toEqual([]);
    expect(spool.state().bytes).toBe(0);
  });

  test("the next process goes on where the last one stopped", async () => {
    const left = await diskWith("a", "b");
    const second = opened(left).spool;
    second.usage.append(texts("c"));
    await second.sync();
    const third = opened(left);
    expect(third.spool.usage.waiting).toBe(3);
    expect(readAll(third.spool.usage)).toEqual(["a", "b", "c"]);
    expect(third.reports).toEqual([]);
  });
});

describe("damage", () => {
  test("garbage at the end is cut off, kept beside, and reported; nothing is lost", async () => {
    const left = await diskWith("a", "b");
    left.replace(first, Buffer.concat([left.bytesOf(first), Buffer.from("garbage!")]));
    const { spool, reports } = opened(left);
    expect(reports).toEqual([
      {
        kind: "repaired",
        file: first,
        text: `8 bytes behind the last whole entry are no entry: cut off, and kept in "${first}.damaged"`,
      },
    ]);
    expect(left.bytesOf(`${first}.damaged`).toString()).toBe("garbage!");
    expect(readAll(spool.usage)).toEqual(["a", "b"]);
    expect(opened(left).reports).toEqual([]);
  });

  test("an entry that was torn is cut off, wherever the tear is", async () => {
    const left = await diskWith("a", "bb");
    const whole = left.bytesOf(first);
    for (let length = segmentHeaderBytes + 21; length < whole.length; length++) {
      const torn = await diskWith("a", "bb");
      torn.replace(first, whole.subarray(0, length));
      const { spool, reports } = opened(torn);
      expect(readAll(spool.usage)).toEqual(["a"]);
      expect(reports).toHaveLength(length === segmentHeaderBytes + 21 ? 0 : 1);
    }
  });

  test("of a damaged entry in the middle the others are read, and the number of the lost is told", async () => {
    const left = await diskWith("a", "bbbb", "c", "d");
    const bytes = left.bytesOf(first);
    bytes[bytes.indexOf("bbbb")] = 0;
    left.replace(first, bytes);
    const { spool, reports } = opened(left);
    expect(reports).toEqual([
      {
        kind: "damaged",
        file: first,
        text: "24 bytes between whole entries cannot be read, which were 1 entries; the 3 whole ones are kept",
      },
    ]);
    expect(spool.usage.waiting).toBe(3);
    expect(readAll(spool.usage)).toEqual(["a", "c", "d"]);
    expect(spool.usage.waiting).toBe(0);
  });

  test("every single byte that is wrong costs at most one entry", async () => {
    const whole = (await diskWith("one", "two", "three")).bytesOf(first);
    for (let at = 0; at < whole.length; at++) {
      const left = await diskWith("one", "two", "three");
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      left.replace(first, bytes);
      const { spool, reports } = opened(left);
      const found = readAll(spool.usage);
      expect(found.length).toBeGreaterThanOrEqual(at < segmentHeaderBytes ? 3 : 2);
      expect(["one", "two", "three"].filter((entry) => found.includes(entry))).toEqual(found);
      if (found.length < 3) expect(reports).toHaveLength(1);
    }
  });

  test("what was damaged while this process ran is told when its place is reached", async () => {
    const left = await diskWith();
    const { spool, reports } = opened(left);
    spool.usage.append(texts("a", "bbbb", "c"));
    spool.usage.append([Buffer.alloc(megabyte)]);
    await spool.sync();
    const bytes = left.bytesOf(first);
    bytes[bytes.indexOf("bbbb")] = 0;
    left.replace(first, bytes);
    expect(readAll(spool.usage)).toHaveLength(3);
    spool.trim();
    expect(reports).toMatchObject([{ kind: "damaged", text: "1 entries that were written cannot be read" }]);
    expect(spool.usage.waiting).toBe(0);
  });

  test("a text that looks like an entry never becomes one", async () => {
    const forged = encodeFrames(texts("forged"), 7, frameKey(Buffer.from("guessed!")));
    const left = await diskWith("a", `before${forged.toString("latin1")}after`, "c");
    const bytes = left.bytesOf(first);
    bytes[bytes.indexOf("before")] = 0;
    left.replace(first, bytes);
    expect(readAll(opened(left).spool.usage)).toEqual(["a", "c"]);
  });

  test.each([
    ["without a whole header", Buffer.alloc(500, 1), "neither copy of its header is whole"],
    ["cut inside its header", Buffer.from("SBSPOOL\n"), "neither copy of its header is whole"],
  ])("a file %s is set aside and told", async (_what, bytes, why) => {
    const left = await diskWith("a");
    left.create("usage-0000000000000002.spool").write(bytes, 0);
    const { spool, reports } = opened(left);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.text).toContain(why);
    expect(left.bytesOf("usage-0000000000000002.spool.damaged")).toEqual(bytes);
    expect(readAll(spool.usage)).toEqual(["a"]);
  });

  test("an empty file is nothing, and damaged files of two starts are both kept", async () => {
    const left = disk();
    left.create(first);
    expect(opened(left).reports).toEqual([]);
    for (const bytes of ["x", "y"]) {
      left.create(first).write(Buffer.from(bytes), 0);
      opened(left);
    }
    expect(left.list()).toEqual([`${first}.damaged`, `${first}.2.damaged`]);
  });

  test("on a full disk the garbage stays where it is and is passed over", async () => {
    const left = await diskWith("a");
    left.replace(first, Buffer.concat([left.bytesOf(first), Buffer.alloc(100, 1)]));
    left.capacity = 0;
    const { spool, reports } = opened(left);
    expect(reports[0]?.text).toContain("left where they are, since they could not be copied (ENOSPC)");
    expect(readAll(spool.usage)).toEqual(["a"]);
  });
});

describe("without room", () => {
  const entry = Buffer.alloc(megabyte);

  test("the oldest content goes first, counted and told; usage stays", async () => {
    const { spool, reports } = opened(disk(), 64 * megabyte);
    for (let count = 0; count < 40; count++) {
      spool.content.append([Buffer.alloc(megabyte, count)]);
      await spool.sync();
    }
    for (let count = 0; count < 40; count++) {
      expect(spool.usage.append([entry])).toBe("kept");
      await spool.sync();
    }
    expect(spool.state()).toMatchObject({ full: undefined, contentDropped: 40 - spool.content.waiting });
    expect(spool.state().bytes).toBeLessThanOrEqual(64 * megabyte);
    expect(reports.every(({ kind }) => kind === "content-dropped")).toBe(true);
    expect(spool.usage.waiting).toBe(40);
    const [oldest] = spool.content.read({ entriesMax: 1, bytesMax: 1e9 })?.payloads ?? [];
    expect(oldest?.[0]).toBe(40 - spool.content.waiting);
  });

  test("full of usage says so while there is still room for requests under way, and no longer when it is drained", async () => {
    const { spool } = opened(disk(), 64 * megabyte);
    let count = 0;
    while (spool.state().full === undefined) {
      expect(spool.usage.append([entry])).toBe("kept");
      await spool.sync();
      count += 1;
    }
    expect(spool.state().full).toBe("the spool is full (67.1 MB)");
    expect(count).toBeGreaterThan(40);
    for (let more = 0; more < 8; more++) expect(spool.usage.append([entry])).toBe("kept");
    await spool.sync();
    expect(spool.isDirty).toBe(false);
    expect(readAll(spool.usage)).toHaveLength(count + 8);
    expect(spool.state().full).toBeUndefined();
  });

  test("a full disk is as a full spool: content goes, then usage is held, written when there is room, or refused", async () => {
    const left = disk();
    const { spool, reports } = opened(left);
    left.capacity = 20 * megabyte;
    for (let count = 0; count < 29; count++) {
      expect((count < 10 ? spool.content : spool.usage).append([entry])).toBe("kept");
      await spool.sync();
    }
    expect(spool.state()).toMatchObject({ full: undefined, contentDropped: 10 });
    for (let count = 0; count < 5; count++) expect(spool.usage.append([entry])).toBe("kept");
    await spool.sync();
    expect(spool.state().full).toBe("the disk is full (ENOSPC)");
    expect(reports.filter(({ kind }) => kind === "disk-failed")).toHaveLength(1);
    while (spool.usage.append([entry]) === "kept")
      expect(spool.usage.waiting * megabyte).toBeLessThan(60 * megabyte);
    const kept = spool.usage.waiting;
    left.capacity = Infinity;
    await spool.sync();
    expect(spool.state().full).toBeUndefined();
    expect(spool.isDirty).toBe(false);
    expect(readAll(spool.usage)).toHaveLength(kept);
  });

  test("a disk that never syncs fills no memory", async () => {
    const { spool } = opened(disk());
    let taken = 0;
    while (spool.usage.append([entry]) === "kept") taken += megabyte;
    expect(taken).toBeLessThanOrEqual(heldBytesMax);
    expect(spool.state().full).toBe("the disk does not keep up");
    await spool.sync();
    expect(spool.state().full).toBeUndefined();
  });
});

describe("a disk that fails", () => {
  test("entries whose sync failed are written again; even where the old ones cannot be removed each is read once", async () => {
    const left = disk();
    const { spool, reports } = opened(left);
    spool.usage.append(texts("a"));
    await spool.sync();
    spool.usage.append(texts("b", "c"));
    left.syncsToFail = 1;
    left.truncationsToFail = 1;
    await spool.sync();
    expect(spool.state().full).toBe("the disk refuses to sync (EIO)");
    await spool.sync();
    expect(spool.state().full).toBeUndefined();
    expect(reports.map(({ text }) => text)).toContain("usage: the disk refuses to sync (EIO)");
    expect(left.list()).toHaveLength(2);
    const after = opened(left);
    expect(after.spool.usage.waiting).toBe(3);
    expect(readAll(after.spool.usage)).toEqual(["a", "b", "c"]);
  });

  test("what an earlier process left is synced too; after a failure it is written again first", async () => {
    const left = disk();
    opened(left).spool.usage.append(texts("a"));
    const { spool } = opened(left);
    left.syncsToFail = 1;
    await spool.sync();
    expect(spool.state().full).toBe("the disk refuses to sync (EIO)");
    await spool.sync();
    expect(spool.state().full).toBeUndefined();
    left.losePower();
    expect(readAll(opened(left).spool.usage)).toEqual(["a"]);
  });
});

describe("on the machine's disk", () => {
  test("files are their owner's only, outlive the process, and hold what can never be delivered", async () => {
    const directory = join(mkdtempSync(join(tmpdir(), "signalbox-spool-")), "spool");
    const { spool } = opened(nodeDisk(directory));
    spool.usage.append(texts("a"));
    spool.content.append(texts("b"));
    await spool.sync();
    expect(spool.setAside(Buffer.from('{"one":1}'))).toBe(true);
    expect(spool.setAside(Buffer.from('{"two":2}'))).toBe(true);
    spool.close();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, "rejected.jsonl"), "utf8")).toBe('{"one":1}\n{"two":2}\n');
    const again = opened(nodeDisk(directory)).spool;
    expect(readAll(again.usage)).toEqual(["a"]);
    expect(readAll(again.content)).toEqual(["b"]);
    again.close();
    expect(readdirSync(directory)).toEqual(["rejected.jsonl"]);
  });

  test("what can never be delivered has its bound", () => {
    const { spool } = opened(disk());
    for (let count = 0; count < 15; count++) expect(spool.setAside(Buffer.alloc(megabyte))).toBe(true);
    expect(spool.setAside(Buffer.alloc(megabyte))).toBe(false);
  });
});
