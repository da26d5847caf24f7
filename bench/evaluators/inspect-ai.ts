import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { mustRun } from "../../tools/run-command.ts";
import { installedPython } from "./installed.ts";
import { anyKey, outsideConcurrency, type OutsideEvaluator } from "./outside-evaluator.ts";

/** A task is named as seen from where it runs. */
const [taskFolder, task] = [fileURLToPath(new URL(".", import.meta.url)), "gsm8k_task.py"];
const version = "0.3.285";

const log = z.object({
  status: z.literal("success"),
  samples: z.array(
    z.object({
      id: z.string(),
      output: z.object({ completion: z.string() }),
      scores: z.object({ match: z.object({ value: z.enum(["C", "I"]) }) }),
    }),
  ),
});

/** Inspect of the UK AI Security Institute, by its provider for OpenAI-compatible servers. */
export const inspectAi: OutsideEvaluator = {
  name: "inspect-ai",
  package: `inspect-ai==${version}`,
  parameters: { temperature: 0, max_tokens: 256 },
  install: () => installedPython(`inspect-ai-${version}`, `inspect-ai==${version}`, "openai==3.57.0"),
  async run(place, { baseUrl, model, folder }) {
    const logs = join(folder, "inspect");
    const words = ["eval", task, "-T", `file=${join(folder, "items.jsonl")}`].concat(
      ["--model", `openai-api/outside/${model}`, "--temperature", "0", "--max-tokens", "256"],
      ["--max-connections", String(outsideConcurrency), "--display", "none"],
      ["--log-format", "json", "--log-dir", logs],
    );
    const env = {
      ...process.env,
      OUTSIDE_API_KEY: anyKey,
      OUTSIDE_BASE_URL: baseUrl,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    await mustRun(join(place, "bin/inspect"), words, { cwd: taskFolder, env });
    const [file = ""] = await readdir(logs);
    const { samples } = log.parse(JSON.parse(await readFile(join(logs, file), "utf8")));
    return new Map(
      samples.map(({ id, output, scores }) => [
        id,
        { text: output.completion, isRight: scores.match.value === "C" },
      ]),
    );
  },
};
