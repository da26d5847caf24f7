import type { Message, Part } from "#core/llm/message.ts";
import { presentItems } from "#core/kernel/present.ts";
import { extraOf } from "./extra-fields.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { type Fields } from "./fields.ts";
import { decodePart } from "./decode-part.ts";

/** Reads `systemInstruction`; its role says nothing. */
export function decodeSystem(request: Fields): readonly Message[] {
  const content = request.child("systemInstruction");
  if (!content) return [];
  content.value("role");
  return [{ role: "system", parts: decodeParts(content), ...extraOf(content) }];
}

/** Reads `contents`. A turn that mixes tool results with other parts becomes several messages, in its order. */
export function decodeContents(request: Fields): readonly Message[] {
  return request.children("contents").flatMap(decodeContent);
}

const roles = ["USER", "MODEL", "FUNCTION"] as const;

function decodeContent(content: Fields): readonly Message[] {
  const role = content.word("role", roles) ?? "USER";
  const parts = decodeParts(content);
  const extra = extraOf(content);
  if (role === "MODEL") return [{ role: "assistant", parts, ...extra }];
  const runs = resultRuns(parts);
  return runs.map((run, index) => ({
    role: run[0]?.type === "tool-result" ? "tool" : "user",
    parts: run,
    ...(index === 0 && extra),
  }));
}

function decodeParts(content: Fields): readonly Part[] {
  return presentItems(content.children("parts").map(decodeRequestPart));
}

/** Reads one part; that there is nothing in it is a problem. */
function decodeRequestPart(fields: Fields): Part | undefined {
  const part = decodePart(fields);
  if (part) return part;
  fields.problems.invalid(
    fields.path,
    "a text, inlineData, fileData, functionCall or functionResponse",
    Object.keys(fields.object).length === 0 ? "an empty object" : kindOf(fields.object),
  );
  return undefined;
}

/** The parts in runs that hold tool results only or none; one empty run when there are no parts. */
export function resultRuns(parts: readonly Part[]): readonly (readonly Part[])[] {
  if (parts.length <= 1) return [parts];
  const runs: Part[][] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    const continues = last && (last[0]?.type === "tool-result") === (part.type === "tool-result");
    if (continues) last.push(part);
    else runs.push([part]);
  }
  return runs;
}
