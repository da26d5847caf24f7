import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../../tools/run-command.ts";
import { installedNode } from "./installed.ts";
import { anyKey, numberOf, outsideConcurrency, type OutsideEvaluator } from "./outside-evaluator.ts";

const version = "0.123.1";

const results = z.object({
  results: z.object({
    results: z.array(
      z.object({
        vars: z.object({ id: z.string() }),
        response: z.object({ output: z.coerce.string() }),
        success: z.boolean(),
      }),
    ),
  }),
});

/** Its exit codes: all passed, some did not. */
const codes = [0, 100];

/** promptfoo, by its provider for OpenAI's chat completions. */
export const promptfoo: OutsideEvaluator = {
  name: "promptfoo",
  package: `promptfoo@${version}`,
  parameters: { temperature: 0, max_tokens: 256 },
  install: () => installedNode(`promptfoo-${version}`, `promptfoo@${version}`),
  async run(place, { baseUrl, model, items, folder }) {
    const configuration = {
      prompts: ["{{question}}"],
      providers: [
        {
          id: `openai:chat:${model}`,
          config: { apiBaseUrl: baseUrl, apiKey: anyKey, temperature: 0, max_tokens: 256 },
        },
      ],
      tests: items.map((item) => ({
        vars: { id: item.id, question: item.question },
        assert: [{ type: "equals", value: numberOf(item) }],
      })),
    };
    const [file, out] = [join(folder, "promptfooconfig.json"), join(folder, "promptfoo.json")];
    await writeFile(file, JSON.stringify(configuration));
    const words = ["eval", "-c", file, "-o", out, "-j", String(outsideConcurrency)].concat([
      "--no-cache",
      "--no-progress-bar",
      "--no-table",
      "--no-write",
    ]);
    const env = {
      ...process.env,
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
      PROMPTFOO_DISABLE_REMOTE_GENERATION: "true",
      PROMPTFOO_CONFIG_DIR: join(folder, "promptfoo"),
    };
    const { code, log } = await runCommand(join(place, "node_modules/.bin/promptfoo"), words, {
      cwd: folder,
      env,
    });
    if (!codes.includes(code)) throw new Error(`promptfoo ended with ${code}\n${log}`);
    const read = results.parse(JSON.parse(await readFile(out, "utf8")));
    return new Map(
      read.results.results.map(({ vars, response, success }) => [
        vars.id,
        { text: response.output, isRight: success },
      ]),
    );
  },
};
