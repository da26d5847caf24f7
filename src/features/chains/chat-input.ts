import type { ChainDefinition } from "#core/chains/chain-definition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";

/**
 * A chat request as the input of a chain: its `prompt_variables`, and the conversation as the one text that the chain
 * wants beside them.
 * @throws AppError unsupported-feature for what a chain has no place for; invalid-request where it does not want one text
 */
export function chatInput(definition: ChainDefinition, request: ChatRequest): JsonObject {
  const { name, variables } = definition;
  const { tools, messages, promptVariables = {} } = request;
  if (tools.length > 0)
    throw new AppError(
      "unsupported-feature",
      `Cannot ask chain "${name}" as a model: no tools are wanted, there are ${tools.length}`,
      { field: "tools" },
    );
  if (messages.length === 0) return promptVariables;
  const wanted = variables.filter(
    (variable) =>
      variable.type === "text" &&
      variable.valueDefault === undefined &&
      !Object.hasOwn(promptVariables, variable.name),
  );
  const [only] = wanted;
  if (only === undefined || wanted.length > 1)
    throw new AppError(
      "invalid-request",
      `Cannot ask chain "${name}" as a model: it must want one text beside prompt_variables, it wants ${wanted.length}`,
      { field: "prompt_variables" },
    );
  return { ...promptVariables, [only.name]: conversationText(name, messages) };
}

const speakers = { system: "System", user: "User", assistant: "Assistant", tool: "Tool" } as const;

/** The words of a conversation: one message as it is, several with who says them. */
function conversationText(chain: string, messages: readonly Message[]): string {
  const said = messages.map((message) => ({ role: message.role, text: textOf(chain, message) }));
  const [first, ...others] = said;
  if (first && others.length === 0) return first.text;
  return said.map(({ role, text }) => `${speakers[role]}: ${text}`).join("\n\n");
}

function textOf(chain: string, { parts }: Message): string {
  return parts
    .map((part) => {
      if (part.type === "text") return part.text;
      throw new AppError(
        "unsupported-feature",
        `Cannot ask chain "${chain}" as a model: messages of text are wanted, there is one with "${part.type}"`,
        { field: "messages" },
      );
    })
    .join("");
}
