import type { SpoolDisk, SpoolFile } from "./spool-disk.ts";

/** A disk in memory: where nothing is to outlive the process, and in tests. */
export function memoryDisk(): SpoolDisk {
  const files = new Map<string, { bytes: Buffer; size: number }>();
  const open = (name: string): SpoolFile => {
    const content = files.get(name);
    if (content === undefined) throw Object.assign(new Error(`no file "${name}"`), { code: "ENOENT" });
    return memoryFile(content);
  };
  return {
    list: () => [...files.keys()],
    create(name) {
      if (files.has(name)) throw Object.assign(new Error(`file "${name}" exists`), { code: "EEXIST" });
      files.set(name, { bytes: Buffer.alloc(0), size: 0 });
      return open(name);
    },
    open,
    remove: (name) => void files.delete(name),
    rename(name, to) {
      const content = files.get(name);
      files.delete(name);
      if (content !== undefined) files.set(to, content);
    },
    syncDirectory: () => Promise.resolve(),
  };
}

function memoryFile(content: { bytes: Buffer; size: number }): SpoolFile {
  return {
    size: () => content.size,
    write(bytes, position) {
      const size = Math.max(content.size, position + bytes.length);
      if (size > content.bytes.length) {
        // Doubled, so that appending costs no copy each time.
        const grown = Buffer.alloc(Math.max(size, content.bytes.length * 2));
        content.bytes.copy(grown);
        content.bytes = grown;
      }
      content.bytes.set(bytes, position);
      content.size = size;
    },
    read: (position, length) =>
      Buffer.from(content.bytes.subarray(position, Math.min(position + length, content.size))),
    truncate(length) {
      content.bytes.fill(0, length, content.size);
      content.size = length;
    },
    sync: () => Promise.resolve(),
    close: () => undefined,
  };
}
