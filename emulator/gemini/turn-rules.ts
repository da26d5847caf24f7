import { invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import type { Content, GenerateRequest, Part } from "./request.ts";

const payloadFields = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
] as const;

/** Rules about contents and their order. */
export function checkTurns({ contents, systemInstruction }: GenerateRequest, model: EmulatedModel): void {
  if (contents.length === 0)
    throw invalidArgument("* GenerateContentRequest.contents: contents is not specified\n");
  for (const [index, content] of contents.entries()) checkContent(content, `contents[${index}]`);
  if (systemInstruction !== undefined && systemInstruction.parts.length === 0) {
    throw invalidArgument(
      "* GenerateContentRequest.system_instruction.parts: contents.parts must not be empty.\n",
    );
  }
  checkFunctionTurns(contents);
  const last = contents.at(-1);
  if (last?.role === "model" && model.generation >= 3.6) {
    throw invalidArgument(
      "Prefilling the model turn is not supported for this model: the last content must have the role user.",
    );
  }
}

function checkContent({ role, parts }: Content, path: string): void {
  if (role !== undefined && role !== "user" && role !== "model" && role !== "function") {
    throw invalidArgument("Please use a valid role: user, model.");
  }
  if (parts.length === 0)
    throw invalidArgument(`* GenerateContentRequest.${path}.parts: contents.parts must not be empty.\n`);
  for (const [index, part] of parts.entries()) checkPart(part, `${path}.parts[${index}]`);
  const responses = parts.filter((part) => part.functionResponse !== undefined);
  if (responses.length > 0 && responses.length < parts.length && role !== "model") {
    throw invalidArgument("Function response parts cannot be mixed with other parts in one content.");
  }
}

function checkPart(part: Part, path: string): void {
  const count = payloadFields.filter((field) => part[field] !== undefined).length;
  const isBareSignature = count === 0 && part.thoughtSignature !== undefined;
  if (count !== 1 && !isBareSignature) {
    const problem =
      count === 0
        ? "required oneof field 'data' must have one initialized field"
        : "oneof field 'data' is already set";
    throw invalidArgument(`* GenerateContentRequest.${path}.data: ${problem}\n`);
  }
  const name = part.functionCall?.name ?? part.functionResponse?.name;
  if ((part.functionCall !== undefined || part.functionResponse !== undefined) && (name ?? "") === "") {
    const field = part.functionCall === undefined ? "function_response" : "function_call";
    throw invalidArgument(`* GenerateContentRequest.${path}.${field}.name: Name cannot be empty.\n`);
  }
  if (part.inlineData !== undefined) checkMimeType(part.inlineData.mimeType, path);
}

// https://ai.google.dev/gemini-api/docs/image-understanding and its siblings, read 2026-11-24
const acceptedMimeType =
  /^(image\/(png|jpe?g|webp|heic|heif)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/(pdf|json|xml|x-javascript|x-python|rtf)|text\/[\w.+-]+)$/;

function checkMimeType(mimeType: string | undefined, path: string): void {
  if (mimeType === undefined || mimeType === "") {
    throw invalidArgument(
      `* GenerateContentRequest.${path}.inline_data.mime_type: mime_type cannot be empty.\n`,
    );
  }
  if (!acceptedMimeType.test(mimeType.split(";", 1)[0] ?? ""))
    throw invalidArgument(`Unsupported MIME type: ${mimeType}`);
}

/** Calls and their results come in neighbouring turns, in equal numbers. */
function checkFunctionTurns(contents: readonly Content[]): void {
  for (const [index, content] of contents.entries()) {
    const before = contents[index - 1];
    const results = countOf(content, "functionResponse");
    const calls = countOf(content, "functionCall");
    if (results > 0 && (before === undefined || countOf(before, "functionCall") === 0)) {
      throw invalidArgument(
        "Please ensure that function response turn comes immediately after a function call turn.",
      );
    }
    if (results > 0 && before !== undefined && results !== countOf(before, "functionCall")) {
      throw invalidArgument(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    }
    if (calls > 0 && (before === undefined || before.role === "model")) {
      throw invalidArgument(
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      );
    }
  }
}

function countOf({ parts }: Content, field: "functionCall" | "functionResponse"): number {
  return parts.filter((part) => part[field] !== undefined).length;
}
