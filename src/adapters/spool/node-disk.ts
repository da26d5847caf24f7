import {
  chmodSync,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SpoolDisk, SpoolFile } from "./spool-disk.ts";

const fdatasyncOf = promisify(fdatasync);
const fsyncOf = promisify(fsync);

/** A directory of the machine, made where it is not there, for its owner only. */
export function nodeDisk(directory: string): SpoolDisk {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // mkdir leaves the mode of directories that exist already.
  chmodSync(directory, 0o700);
  const open = (name: string, flags: number): SpoolFile =>
    nodeFile(openSync(join(directory, name), constants.O_RDWR | flags, 0o600));
  return {
    list: () => readdirSync(directory),
    create: (name) => open(name, constants.O_CREAT | constants.O_EXCL),
    open: (name) => open(name, 0),
    remove: (name) => rmSync(join(directory, name), { force: true }),
    rename: (name, to) => renameSync(join(directory, name), join(directory, to)),
    syncDirectory: () => syncDirectory(directory),
  };
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows has no fsync of directories; its names are journalled with the file.
  if (process.platform === "win32") return;
  const descriptor = openSync(directory, constants.O_RDONLY);
  try {
    await fsyncOf(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function nodeFile(descriptor: number): SpoolFile {
  let syncing = 0;
  let isClosing = false;
  // A descriptor that is closed while a sync is under way may be another file's by the time the sync runs.
  const closeWhenIdle = (): void => {
    if (isClosing && syncing === 0) closeSync(descriptor);
  };
  return {
    size: () => fstatSync(descriptor).size,
    write(bytes, position) {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
      }
    },
    read(position, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      let done = 0;
      while (done < length) {
        const count = readSync(descriptor, bytes, done, length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    },
    truncate: (length) => ftruncateSync(descriptor, length),
    async sync() {
      syncing += 1;
      try {
        await fdatasyncOf(descriptor);
      } finally {
        syncing -= 1;
        closeWhenIdle();
      }
    },
    close() {
      isClosing = true;
      closeWhenIdle();
    },
  };
}
