import { z } from "zod";
import { providerDialectNames } from "#core/llm/dialect-name.ts";
import { name } from "./name.ts";
import { promptCacheSchema } from "./prompt-cache.ts";
import { vertexSchema } from "./vertex.ts";

const keyReference = "a reference to an environment variable such as ${GEMINI_API_KEY}";

/** `providers.<name>` */
export const providerSchema = z
  .strictObject({
    kind: z
      .enum(["api", "langchain"])
      .default("api")
      .meta({
        description:
          "What it is: `api`, an address (the default), or `langchain`, a chat model class of LangChain in this process.",
        examples: ["langchain"],
      }),
    dialect: z
      .enum(providerDialectNames)
      .optional()
      .meta({
        description:
          "The wire protocol it speaks: `gemini`, or `openai-chat` for any OpenAI-compatible server.",
        examples: ["gemini"],
      }),
    module: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "Of `langchain`: the package or file that has the class. `modules.allow` must list it.",
        examples: ["@langchain/openai"],
      }),
    export: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Of `langchain`: the name of the class.", examples: ["ChatOpenAI"] }),
    options: z
      .record(z.string(), z.json())
      .optional()
      .meta({
        description:
          "Of `langchain`: what the class is constructed with, beside the model; texts may hold ${NAME} references.",
        examples: [{ apiKey: "${OPENAI_API_KEY}" }],
      }),
    api_key: z
      .string({ error: keyReference })
      .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, { error: keyReference })
      .optional()
      .meta({
        description:
          "The key, as a reference to an environment variable. Never the key itself: this file is kept in Git and shown in the console. Without it calls carry no credential.",
        examples: ["${GEMINI_API_KEY}"],
      }),
    emulate: z
      .enum(["without_key", "always", "never"])
      .default("never")
      .meta({
        description:
          "Whether the built-in emulator answers in its place: `without_key` when no key is there, `always`, or `never` (the default: a missing key refuses to start). Works only while Signalbox listens on loopback; every emulated answer is marked.",
        examples: ["without_key"],
      }),
    base_url: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          "Where its paths begin, http or https; may hold ${NAME} references. Needed for `openai-chat`; for `gemini` the default is the Gemini API, with `vertex` the host of the location.",
        examples: ["https://openrouter.ai/api/v1", "http://10.0.0.5:8000/v1"],
      }),
    vertex: vertexSchema.optional(),
    private_network: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether its address may be private (loopback, 10.0.0.0/8, 192.168.0.0/16, link-local, ...) or plain http. Refused unless true.",
        examples: [true],
      }),
    tags: z
      .record(name, z.string())
      .default({})
      .meta({ description: "Free labels.", examples: [{ region: "eu" }] }),
    prompt_cache: promptCacheSchema.prefault({}),
  })
  .meta({ description: "An address that speaks a dialect, with its credential." });

/** A provider as written. */
export type ProviderSettings = z.output<typeof providerSchema>;
