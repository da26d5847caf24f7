import { z } from "zod";
import type { Json } from "#core/kernel/json.ts";
import { chainOutputSchema, type ChainOutputSettings } from "./chain-output.ts";
import { name } from "./name.ts";

/** Most steps that one list holds. */
const stepsMax = 20;
/** Longest template of a message, characters. */
const templateLengthMax = 100_000;

/** The kinds of steps, by their key. */
export const stepKeys = ["ask", "parallel", "branch", "map", "fallback", "call", "tools"] as const;

/** A message as written: a role and its template. */
export interface MessageSettings {
  readonly system?: string | undefined;
  readonly human?: string | undefined;
  readonly ai?: string | undefined;
}

/** What asks a model, as written. */
export interface AskSettings {
  readonly messages: readonly MessageSettings[];
  readonly route?: string | undefined;
  readonly output?: ChainOutputSettings | undefined;
}

/** A step as written: exactly one of its kinds. */
export interface StepSettings {
  readonly as?: string | undefined;
  readonly ask?: AskSettings | undefined;
  readonly parallel?:
    | { readonly branches: Readonly<Record<string, readonly StepSettings[]>>; readonly concurrency: number }
    | undefined;
  readonly branch?:
    | {
        readonly cases: readonly { readonly when: Json; readonly steps: readonly StepSettings[] }[];
        readonly otherwise: readonly StepSettings[];
      }
    | undefined;
  readonly map?:
    | {
        readonly over: string;
        readonly item: string;
        readonly chunk?: { readonly size: number; readonly overlap: number } | undefined;
        readonly items_max: number;
        readonly concurrency: number;
        readonly steps: readonly StepSettings[];
      }
    | undefined;
  readonly fallback?: { readonly options: readonly (readonly StepSettings[])[] } | undefined;
  readonly call?: { readonly chain: string; readonly input: Readonly<Record<string, string>> } | undefined;
  readonly tools?:
    | (AskSettings & {
        readonly chains: readonly string[];
        readonly rounds_max: number;
        readonly calls_max: number;
      })
    | undefined;
}

const valueName = z.string().regex(/^[A-Za-z_][\w-]{0,99}$/, {
  error: "a name of letters, digits, '_' and '-' that begins with a letter",
});
const template = z.string().min(1).max(templateLengthMax);
const concurrency = z
  .int()
  .min(1)
  .max(16)
  .default(4)
  .meta({ description: "How many run at once.", examples: [4] });

const message = z
  .strictObject({
    system: template
      .optional()
      .meta({ description: "What the model is told first.", examples: ["Be brief."] }),
    human: template.optional().meta({ description: "What it is asked.", examples: ["Translate: {text}"] }),
    ai: template.optional().meta({ description: "What it said, as an example.", examples: ["Bonjour"] }),
  })
  .refine((given) => Object.values(given).filter((text) => text !== undefined).length === 1, {
    error: "exactly one of system, human, ai",
  })
  .meta({
    description: "A message; `{name}` stands for a variable or an earlier step's output, `{{` for a brace.",
  });

const asking = {
  messages: z
    .array(message)
    .min(1)
    .max(100)
    .meta({ description: "The prompt.", examples: [[{ human: "Translate: {text}" }]] }),
  route: name
    .optional()
    .meta({ description: "The route, deployment or model; the chain's when absent.", examples: ["chat"] }),
  output: chainOutputSchema.optional(),
};

/** Steps one after the other. */
export const stepsSchema: z.ZodType<readonly StepSettings[]> = z
  .lazy(() => z.array(stepSchema).min(1).max(stepsMax))
  .meta({
    id: "ChainSteps",
    description: "Steps, one after the other; the last one's output is theirs.",
    examples: [[{ ask: { messages: [{ human: "Translate: {text}" }] } }]],
  });

const stepSchema = z
  .strictObject({
    as: valueName
      .optional()
      .meta({ description: "The name of its output for later steps.", examples: ["kind"] }),
    ask: z.strictObject(asking).optional().meta({ description: "Asks a model." }),
    parallel: z
      .strictObject({
        branches: z
          .record(valueName, stepsSchema)
          .meta({ description: "Steps by the name that their output gets." }),
        concurrency,
      })
      .optional()
      .meta({ description: "Runs branches side by side; gives an object of their outputs." }),
    branch: z
      .strictObject({
        cases: z
          .array(
            z.strictObject({
              when: z.json().meta({
                description: "A condition over values, in the words of the routes' conditions.",
                examples: [{ kind: "urgent" }],
              }),
              steps: stepsSchema,
            }),
          )
          .min(1)
          .max(20)
          .meta({
            description: "Conditions with what runs where they hold; the first that holds counts.",
            examples: [[{ when: { kind: "urgent" }, steps: [{ call: { chain: "escalate", input: {} } }] }]],
          }),
        otherwise: stepsSchema,
      })
      .optional()
      .meta({ description: "Runs one of several." }),
    map: z
      .strictObject({
        over: valueName.meta({ description: "The list, or the text to be cut.", examples: ["text"] }),
        item: valueName.meta({ description: "The name of an item within the steps.", examples: ["part"] }),
        chunk: z
          .strictObject({
            size: z
              .int()
              .min(100)
              .max(400_000)
              .meta({ description: "Characters of a piece.", examples: [20_000] }),
            overlap: z
              .int()
              .min(0)
              .max(10_000)
              .default(0)
              .meta({
                description: "Characters of a piece that stand in the one before, too.",
                examples: [200],
              }),
          })
          .refine(({ size, overlap }) => overlap * 2 < size, { error: "an overlap below half of the size" })
          .optional()
          .meta({ description: "How a text is cut." }),
        items_max: z
          .int()
          .min(1)
          .max(200)
          .default(20)
          .meta({ description: "Most items.", examples: [20] }),
        concurrency,
        steps: stepsSchema,
      })
      .optional()
      .meta({ description: "Runs steps over each item; gives the list of their outputs." }),
    fallback: z
      .strictObject({
        options: z
          .array(stepsSchema)
          .min(2)
          .max(5)
          .meta({
            description: "Steps to try, in this order.",
            examples: [
              [
                [{ ask: { route: "chat", messages: [{ human: "{text}" }] } }],
                [{ ask: { route: "support", messages: [{ human: "{text}" }] } }],
              ],
            ],
          }),
      })
      .optional()
      .meta({ description: "Runs the first that does not fail." }),
    call: z
      .strictObject({
        chain: name.meta({ description: "Another chain.", examples: ["summarise"] }),
        input: z.record(valueName, template).meta({
          description: "Its input by name; `{name}` alone is the value itself.",
          examples: [{ text: "{text}" }],
        }),
      })
      .optional()
      .meta({ description: "Runs another chain." }),
    tools: z
      .strictObject({
        ...asking,
        chains: z
          .array(name)
          .min(1)
          .max(20)
          .meta({ description: "The chains that the model may call.", examples: [["classify"]] }),
        rounds_max: z
          .int()
          .min(1)
          .max(20)
          .default(6)
          .meta({ description: "Most turns of the model.", examples: [6] }),
        calls_max: z
          .int()
          .min(1)
          .max(50)
          .default(10)
          .meta({ description: "Most calls of tools.", examples: [10] }),
      })
      .optional()
      .meta({ description: "Lets a model call chains as tools until it answers." }),
  })
  .refine((step) => stepKeys.filter((key) => step[key] !== undefined).length === 1, {
    error: `exactly one of ${stepKeys.join(", ")}`,
  })
  .meta({ description: "A step." });
