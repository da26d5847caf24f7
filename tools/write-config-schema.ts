import { writeFile } from "node:fs/promises";
import { configurationJsonSchema } from "#features/configuration/index.ts";

/** Writes docs/signalbox.schema.json from the schema that the loader uses: `node tools/write-config-schema.ts`. */
const file = new URL("../docs/signalbox.schema.json", import.meta.url);
await writeFile(file, `${JSON.stringify(configurationJsonSchema(), undefined, 2)}\n`);
