import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { mustRun } from "../../tools/run-command.ts";
import { installedPython } from "./installed.ts";
import { anyKey, outsideConcurrency, type OutsideEvaluator } from "./outside-evaluator.ts";

const version = "0.4.13";
const name = "gsm8k_as_it_stands";

/** A sample of its log: by the place in the data. */
const sample = z.object({
  doc: z.object({ id: z.string() }),
  resps: z.tuple([z.tuple([z.string()])]),
  exact_match: z.union([z.literal(0), z.literal(1)]),
});

/** The Language Model Evaluation Harness of EleutherAI, by its model for chat completions. */
export const lmEval: OutsideEvaluator = {
  name: "lm-eval",
  package: `lm_eval==${version}`,
  // The last three are its own.
  parameters: { temperature: 0, max_tokens: 256, stop: [], seed: 1234 },
  install: () => installedPython(`lm-eval-${version}`, `lm_eval[api]==${version}`),
  async run(place, { baseUrl, model, folder }) {
    const tasks = join(folder, "tasks");
    await mkdir(tasks);
    await writeFile(join(tasks, `${name}.yaml`), stringify(task(join(folder, "items.jsonl"))));
    const facts = {
      model,
      base_url: `${baseUrl}/chat/completions`,
      num_concurrent: outsideConcurrency,
      max_retries: 1,
      tokenized_requests: "False",
    };
    const words = ["--model", "local-chat-completions", "--model_args", written(facts)].concat(
      ["--include_path", tasks, "--tasks", name, "--apply_chat_template"],
      ["--log_samples", "--output_path", join(folder, "lm-eval")],
    );
    const offline = { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1", HF_DATASETS_OFFLINE: "1" };
    const env = { ...process.env, ...offline, OPENAI_API_KEY: anyKey, HF_HOME: join(folder, "hub") };
    await mustRun(join(place, "bin/lm_eval"), words, { cwd: folder, env });
    const lines = (await samplesIn(join(folder, "lm-eval"))).trim().split("\n");
    return new Map(
      lines.map((line) => {
        const { doc, resps, exact_match: match } = sample.parse(JSON.parse(line));
        return [doc.id, { text: resps[0][0], isRight: match === 1 }];
      }),
    );
  },
};

/** Its own task gsm8k, by the filter `flexible-extract`, but with the question as it stands and without examples. */
function task(file: string): object {
  return {
    task: name,
    dataset_path: "json",
    dataset_kwargs: { data_files: { test: file } },
    output_type: "generate_until",
    test_split: "test",
    doc_to_text: "{{question}}",
    doc_to_target: "{{answer}}",
    num_fewshot: 0,
    generation_kwargs: { until: [], do_sample: false, temperature: 0 },
    metric_list: [
      {
        metric: "exact_match",
        aggregation: "mean",
        higher_is_better: true,
        ignore_case: true,
        ignore_punctuation: false,
        regexes_to_ignore: [",", String.raw`\$`, "(?s).*#### ", String.raw`\.$`],
      },
    ],
    filter_list: [
      {
        name: "flexible-extract",
        filter: [
          { function: "regex", group_select: -1, regex_pattern: "(-?[$0-9.,]{2,})|(-?[0-9]+)" },
          { function: "take_first" },
        ],
      },
    ],
  };
}

function written(facts: Readonly<Record<string, string | number>>): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

async function samplesIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const file = files.find((path) => /samples_.*\.jsonl$/.test(path));
  if (file === undefined) throw new Error(`lm-eval wrote no samples, but ${files.join(", ")}`);
  return await readFile(join(folder, file), "utf8");
}
