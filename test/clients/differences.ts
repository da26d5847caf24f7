/** A fact that does not hold for a version of a client, for a reason that lies in the client. */
interface Difference {
  /** The sets of those versions. */
  readonly sets: readonly string[];
  /** Fits the full names of the facts. */
  readonly facts: RegExp;
  /** Why, in words for whoever reads the table. */
  readonly reason: string;
}

/** Each is asserted: the run fails when such a fact holds. */
const differences: readonly Difference[] = [
  {
    sets: ["oldest", "applications"],
    facts: /^ChatGoogleGenerativeAI of compatible sends an image$/,
    reason: "the client sends pictures only to models whose name begins with `gemini-`",
  },
  {
    sets: ["oldest"],
    facts: /^(ChatGoogleGenerativeAI of gemini-3.8-flash|initChatModel of google-genai) sends an image$/,
    reason: "the client sends pictures only to models whose names it knows",
  },
  {
    sets: ["oldest"],
    facts: /^initChatModel of \S+ is moved whole and streamed by two environment variables$/,
    reason: "`LANGSMITH_GATEWAY` came with `@langchain/core` 1.4: the address is set in the code",
  },
  {
    sets: ["oldest"],
    facts: /^@ai-sdk\/\S+ .*gets structured output$/,
    reason: "AI SDK 5 calls `output` `experimental_output`",
  },
  {
    sets: ["oldest"],
    facts: /^the openai client's responses, \S+ call a forced tool/,
    reason: "`toResponseInputItems` came later: answers are made into input by hand",
  },
  {
    sets: ["oldest"],
    facts: /^the openai client's responses, \S+ are put together|^the openai client sees why nothing came/,
    reason: "`finalResponse` gives the answer as it began, without `output_text` and the status at its end",
  },
];

/** Why a fact does not hold with a set; undefined where it must. */
export function differenceOf(set: string, fullName: string): string | undefined {
  return differences.find((one) => one.sets.includes(set) && one.facts.test(fullName))?.reason;
}
