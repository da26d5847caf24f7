import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const subjects = ["lighthouses", "rivers", "bread", "glass", "bridges", "bees", "maps"];

/** Writes prompts, each another one, into a folder that is gone afterwards. */
export async function withPrompts<Value>(
  count: number,
  work: (folder: string, file: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-guidellm-"));
  try {
    const file = join(folder, "prompts.jsonl");
    const lines = Array.from({ length: count }, (_, at) => {
      const prompt = `Question ${at + 1}: what is to be known of ${subjects[at % subjects.length]}?`;
      return `${JSON.stringify({ prompt })}\n`;
    });
    await writeFile(file, lines.join(""));
    return await work(folder, file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
