import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import type { AskStep } from "#core/chains/chain-definition.ts";
import type { ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { isList, type Json } from "#core/kernel/json.ts";
import {
  answerLengthMax,
  formatInstruction,
  formSchema,
  parseAnswer,
  parsePartial,
  type OutputForm,
} from "#core/parsing/output-form.ts";
import { parseProblemText, type ParseProblem } from "#core/parsing/parse-problem.ts";
import { RoutedChatModel } from "#frameworks/langchain/index.ts";
import { routedMetadata } from "#frameworks/transport/routed-metadata.ts";
import { outputFormOf } from "./output-form-of.ts";
import type { AnswerOutcome, RunContext } from "./run-context.ts";
import type { LedgerEntry } from "./run-ledger.ts";

/** Characters of a wrong answer that are shown to the model again. */
const shownAnswerMax = 20_000;

/** Asks a model: prompt template, route, output parser; once more where the answer has not the wanted form. */
export async function askModel(
  step: Pick<AskStep, "messages" | "route" | "output">,
  values: ChainValues,
  context: RunContext,
): Promise<Json> {
  const form = outputFormOf(step.output, values);
  const messages = await promptMessages(step.messages, values, form);
  const answer = await answerTo(messages, { step, form, context, streams: context.streams });
  return parsedAnswer(answer, { step, form, context, messages });
}

/** What an answer is read with. */
interface Reading {
  readonly step: Pick<AskStep, "route">;
  readonly form: OutputForm;
  readonly context: RunContext;
  /** What was asked. */
  readonly messages: readonly BaseMessage[];
}

/**
 * Reads an answer; where that fails, tells the model why and asks once more.
 * @throws AppError unparsable-answer
 */
export async function parsedAnswer(answer: ModelAnswer, reading: Reading): Promise<Json> {
  const { form, context, messages, step } = reading;
  const first = parseAnswer(form, answer.text);
  if (first.ok) {
    tellOutcome({ form, context, answer, outcome: "parsed" });
    return first.value;
  }
  context.ledger.repaired();
  const again = [
    ...messages,
    new AIMessage(answer.text.slice(0, shownAnswerMax)),
    new HumanMessage(repairText(first.error, form)),
  ];
  const second = await answerTo(again, { step, form, context, streams: false });
  const repaired = parseAnswer(form, second.text);
  tellOutcome({ form, context, answer: second, outcome: repaired.ok ? "repaired" : "unparsable" });
  if (repaired.ok) return repaired.value;
  throw new AppError(
    "unparsable-answer",
    `Cannot read the answer of chain "${context.chain.definition.name}" in step "${context.place}": ${parseProblemText(repaired.error)}, after one repair`,
    { retryable: true },
  );
}

/** What a model answered, and the request that it answered. */
export interface ModelAnswer {
  readonly text: string;
  readonly entry: LedgerEntry;
}

/** A text is always as wanted: it is not counted. */
function tellOutcome(told: {
  readonly form: OutputForm;
  readonly context: RunContext;
  readonly answer: ModelAnswer;
  readonly outcome: AnswerOutcome;
}): void {
  const { form, context, answer, outcome } = told;
  if (form.type === "text") return;
  const { variant = "" } = routedMetadata(answer.entry.headers);
  context.answered({ chain: context.chain.definition.name, variant, outcome });
}

function repairText(problem: ParseProblem, form: OutputForm): string {
  const instruction = formatInstruction(form);
  return (
    `Your answer cannot be used: ${parseProblemText(problem)}${problem.where === undefined ? "" : `, in "${problem.where}"`}. Give the whole answer again, and only that.` +
    (instruction === undefined ? "" : ` ${instruction}`)
  );
}

interface Asking {
  readonly step: Pick<AskStep, "route">;
  readonly form: OutputForm;
  readonly context: RunContext;
  readonly streams: boolean;
}

async function answerTo(messages: readonly BaseMessage[], asking: Asking): Promise<ModelAnswer> {
  const { context, form } = asking;
  const { model, entry } = modelOf(asking.step.route, context);
  const chain = model.withConfig(responseFormat(form)).pipe(new StringOutputParser());
  const options = { signal: context.signal };
  if (!asking.streams) return { text: bounded(await chain.invoke([...messages], options), context), entry };
  let text = "";
  let partialAt = 0;
  for await (const piece of await chain.stream([...messages], options)) {
    if (piece === "") continue;
    text = bounded(text + piece, context);
    await context.tell({ type: "chunk", text: piece });
    if (form.type === "text" || text.length < partialAt) continue;
    partialAt = text.length + Math.max(partialStepMin, text.length / partialShare);
    const output = parsePartial(form, text);
    if (output !== undefined) await context.tell({ type: "partial", output });
  }
  return { text, entry };
}

/**
 * An answer under way is read again when it has grown by so many characters, and by so large a share: reading it from its
 * beginning each time stays linear in its length.
 */
const partialStepMin = 64;
const partialShare = 8;

/** A model for one request, which is counted. */
export function modelOf(route: string | undefined, context: RunContext) {
  const { definition, route: routeDefault } = context.chain;
  context.ledger.count(definition.name);
  const { transport, entry } = context.request(context.place);
  return { model: new RoutedChatModel({ model: route ?? routeDefault, transport }), entry };
}

/** An answer, where it is not too long. @throws AppError limit-exceeded */
export function bounded(text: string, { chain }: RunContext): string {
  const most = Math.min(answerLengthMax, chain.definition.limits.outputLengthMax);
  if (text.length <= most) return text;
  throw new AppError(
    "limit-exceeded",
    `Cannot take the answer of chain "${chain.definition.name}": at most ${most} characters are allowed, it is longer`,
  );
}

/** The messages of a template with its values, and what the answer must look like. */
export async function promptMessages(
  templates: AskStep["messages"],
  values: ChainValues,
  form: OutputForm,
): Promise<readonly BaseMessage[]> {
  const prompt = ChatPromptTemplate.fromMessages(templates.map(([role, text]) => [role, text]));
  const texts = Object.fromEntries(prompt.inputVariables.map((name) => [name, shownValue(values[name])]));
  const messages = await prompt.formatMessages(texts);
  // A schema goes along as such, which binds the model more than words.
  const instruction = formSchema(form) === undefined ? formatInstruction(form) : undefined;
  if (instruction === undefined) return messages;
  const [first, ...others] = messages;
  if (first && SystemMessage.isInstance(first)) {
    return [new SystemMessage(`${first.text}\n\n${instruction}`), ...others];
  }
  return [new SystemMessage(instruction), ...messages];
}

/** A value within a prompt: a text as it is, texts of a list under numbers, anything else as JSON. */
export function shownValue(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (isList(value) && value.every((item) => typeof item === "string")) {
    return value.map((item, index) => `[${index + 1}] ${item}`).join("\n\n");
  }
  return JSON.stringify(value ?? null);
}

function responseFormat(form: OutputForm) {
  const schema = formSchema(form);
  if (schema === undefined) return {};
  if (schema === "any") return { response_format: { type: "json_object" } };
  return { response_format: { type: "json_schema", json_schema: { name: "output", schema } } };
}
