import { PGlite } from "@electric-sql/pglite";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { root } from "../architecture/repository.ts";

/**
 * A database as it is after a first start, made once and kept below node_modules: to make one takes seconds, to copy one
 * takes none.
 */
export interface DatabaseImage {
  /** A dump of it, for a database in memory. */
  readonly file: string;
  /** A data directory with it, to be copied. */
  readonly directory: string;
}

const cache = join(root, "node_modules/.cache/signalbox-database");

/** The image that fits the schema and the PGlite of this checkout, where it is made already. */
function madeImage(): DatabaseImage | undefined {
  const image = imageIn(join(cache, name()));
  return existsSync(image.file) ? image : undefined;
}

/** Makes the image, where that was not done before. Several may do so at once: the first one's stays. */
export async function databaseImage(): Promise<DatabaseImage> {
  const made = madeImage();
  if (made) return made;
  const place = join(cache, name());
  const draft = `${place}.${process.pid}.${Date.now()}`;
  const { directory, file } = imageIn(draft);
  mkdirSync(draft, { recursive: true });
  const database = await openDatabase({ kind: "directory", dataDir: directory });
  await database.close();
  const data = await PGlite.create(join(directory, "postgres/data"));
  const dump = await data.dumpDataDir("none");
  await data.close();
  writeFileSync(file, Buffer.from(await dump.arrayBuffer()));
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!madeImage()) throw error;
    rmSync(draft, { recursive: true });
  }
  return imageIn(place);
}

function imageIn(place: string): DatabaseImage {
  return { file: join(place, "image.tar"), directory: join(place, "directory") };
}

/** Told by what a database is made from: the migrations, and PGlite. */
function name(): string {
  const migrations = join(root, "src/adapters/postgres/migrations");
  const hash = createHash("sha256");
  for (const file of readdirSync(migrations).toSorted()) hash.update(readFileSync(join(migrations, file)));
  hash.update(readFileSync(join(root, "node_modules/@electric-sql/pglite/package.json")));
  return hash.digest("hex").slice(0, 16);
}
