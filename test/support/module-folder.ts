import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../architecture/repository.ts";

/** A configuration's folder with modules in it, which find the packages of this project; gone when disposed. */
export interface ModuleFolder extends Disposable {
  readonly path: string;
  /** Writes a file of it, anew where it is there. */
  write(file: string, text: string): void;
}

/** Makes one. @param files their texts by path */
export function moduleFolder(files: Readonly<Record<string, string>>): ModuleFolder {
  const path = mkdtempSync(join(tmpdir(), "signalbox-modules-"));
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
