import type { Deployment } from "#core/routing/deployment.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import { jsonOf, partsOf, type AnswerParts } from "./answer-parts.ts";
import type { Ask, VerificationAnswer, VerificationCall } from "./ask.ts";
import { found, price, type Check, type Finding } from "./check.ts";

/** Tokens of the long prompt, where the model's context has room for them twice over. */
const longPromptTokens = 16_000;
/** Least share of our own estimate that must be counted: fewer, and the prompt was cut off on the way. */
const countedShareMin = 0.5;

const question = [{ role: "user", content: "Name three rivers, each in one word." }];

/** A PNG of 16 x 16 pixels in one shade: the smallest that models of all makers read. */
const image =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4oaFBEmIY1TCqYfhqAAB8MxgQ+iSj5QAAAABJRU5ErkJggg==";

const tool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Tells the weather of a city.",
    parameters: {
      type: "object",
      properties: { city: { type: "string", description: "The city's name" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
};

const schema = {
  type: "object",
  properties: { river: { type: "string" }, length_km: { type: "integer" } },
  required: ["river", "length_km"],
  additionalProperties: false,
};

/** What is tried of a deployment that chats, in this order. */
export const chatChecks: readonly Check[] = [
  asking("text", { body: { messages: question } }, textFinding),
  asking(
    "stream",
    { body: { messages: question, stream: true, stream_options: { include_usage: true } }, stream: true },
    (parts, { ended }) => (ended ? textFinding(parts) : "the stream does not end as a whole one does"),
  ),
  {
    ...asking(
      "tools",
      {
        body: {
          messages: [{ role: "user", content: "What is the weather in Oslo? Use the tool." }],
          tools: [tool],
          tool_choice: "required",
        },
      },
      toolFinding,
    ),
    skipped: ({ model }) => (model.tools ? undefined : `${model.id} is not said to call tools`),
  },
  {
    ...asking(
      "structured-output",
      {
        body: {
          messages: [{ role: "user", content: "The longest river of Europe, as JSON." }],
          response_format: { type: "json_schema", json_schema: { name: "river", strict: true, schema } },
        },
      },
      schemaFinding,
    ),
    skipped: ({ model }) =>
      model.structuredOutput ? undefined : `${model.id} is not said to answer by a schema`,
  },
  {
    ...asking(
      "image",
      {
        body: {
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text: "What colour is this? One word." },
                { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
              ],
            },
          ],
        },
      },
      textFinding,
    ),
    skipped: ({ model }) =>
      model.media.includes("image") ? undefined : `${model.id} is not said to read images`,
  },
  { name: "long-context", skipped: longContextSkipped, run: longContext },
  { name: "usage", skipped: () => undefined, run: usage },
  price,
];

/** A check of one request. @param wrong what is wrong with the answer; undefined when nothing is */
function asking(
  name: keyof typeof passes,
  call: VerificationCall,
  wrong: (parts: AnswerParts, answer: VerificationAnswer) => string | undefined,
): Check {
  return {
    name,
    skipped: () => undefined,
    async run(_deployment, { ask }) {
      const answer = await ask(call);
      const detail = answer.problem ?? wrong(partsOf(answer), answer);
      return detail === undefined
        ? found("passed", passes[name], [answer])
        : found("failed", detail, [answer]);
    },
  };
}

const passes = {
  text: "answers a question with text",
  stream: "streams an answer to its end",
  tools: "calls a function with arguments that its schema wants",
  "structured-output": "answers JSON that satisfies a schema",
  image: "answers a question about an image",
  "long-context": "reads a long prompt whole",
  usage: "each answer says how many tokens it took",
} as const;

function textFinding({ text, finishReason }: AnswerParts): string | undefined {
  if (finishReason === undefined) return "the answer has no reason why it ended";
  return text.trim() === "" ? `the answer has no text (it ended with ${finishReason})` : undefined;
}

function toolFinding({ toolCalls, finishReason }: AnswerParts): string | undefined {
  const [call] = toolCalls;
  if (!call) return `no function is called (it ended with ${finishReason ?? "no reason"})`;
  if (call.name !== tool.function.name) return "a function is called that was not declared";
  const city = jsonOf(call.argumentsJson)?.["city"];
  return typeof city === "string" ? undefined : "the arguments are not what the function's schema wants";
}

function schemaFinding({ text }: AnswerParts): string | undefined {
  const value = jsonOf(text);
  if (!value) return "the answer is no JSON object";
  const isRight = typeof value["river"] === "string" && Number.isInteger(value["length_km"]);
  return isRight && Object.keys(value).length === 2 ? undefined : "the answer does not satisfy the schema";
}

function longContextSkipped({ model }: Deployment): string | undefined {
  return model.contextTokens === undefined
    ? `how much ${model.id} reads is not said (capabilities.context_tokens)`
    : undefined;
}

async function longContext({ model }: Deployment, { ask }: { readonly ask: Ask }): Promise<Finding> {
  const tokens = Math.min(longPromptTokens, Math.floor((model.contextTokens ?? longPromptTokens) / 2));
  const content = `${longText(tokens)}\nHow does this text end? One word.`;
  const answer = await ask({ body: { messages: [{ role: "user", content }] } });
  const parts = partsOf(answer);
  const wrong = answer.problem ?? textFinding(parts);
  if (wrong !== undefined) return found("failed", wrong, [answer]);
  const wanted = Math.floor(estimatedTextTokens(content) * countedShareMin);
  return parts.inputTokens >= wanted
    ? found("passed", `${passes["long-context"]} (${parts.inputTokens} tokens)`, [answer])
    : found("failed", `at least ${wanted} prompt tokens are wanted, ${parts.inputTokens} were counted`, [
        answer,
      ]);
}

/** Text of about so many tokens, which does not repeat itself: some servers put repetitions together. */
function longText(tokens: number): string {
  const lines: string[] = [];
  for (let line = 1, left = tokens; left > 0; line++) {
    const text = `Line ${line}: ${line} boats passed bridge ${line % 97} before noon, and ${line * 3} after it.`;
    lines.push(text);
    left -= estimatedTextTokens(text);
  }
  return lines.join("\n");
}

async function usage(
  _deployment: Deployment,
  { answers }: { readonly answers: readonly VerificationAnswer[] },
): Promise<Finding> {
  const told = answers.filter(({ problem }) => problem === undefined);
  if (told.length === 0) return found("skipped", "nothing was answered");
  const silent = told.filter((answer) => {
    const { inputTokens, outputTokens } = partsOf(answer);
    return inputTokens === 0 || outputTokens === 0;
  });
  return silent.length === 0
    ? found("passed", passes.usage)
    : found(
        "failed",
        `${silent.length} of ${told.length} answers do not say how many tokens they took`,
        silent,
      );
}
