import {
  FunctionCallingConfigMode,
  GoogleGenAI,
  type Content,
  type GenerateContentParameters,
  type GenerateContentResponse,
  type Part,
} from "@google/genai";
import { z } from "zod";
import { weather, type AgentKind } from "./agent.ts";

/** Google's own client, over generateContent. It keeps the parts of a streamed answer one by one, as they came. */
export const geminiAgent: AgentKind = ({ url, streams }) => {
  const client = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: url } });
  const contents: Content[] = [];
  const { name, description, input } = weather;
  const functions = [{ name, description, parametersJsonSchema: z.toJSONSchema(input) }];
  const answers = async (asked: GenerateContentParameters): Promise<readonly GenerateContentResponse[]> =>
    streams
      ? Array.fromAsync(await client.models.generateContentStream(asked))
      : [await client.models.generateContent(asked)];
  return {
    async ask({ model, words, mustCall, thinks }) {
      if (words !== undefined) contents.push({ role: "user", parts: [{ text: words }] });
      const mode = mustCall ? FunctionCallingConfigMode.ANY : FunctionCallingConfigMode.NONE;
      const answered = await answers({
        model,
        contents,
        config: {
          tools: [{ functionDeclarations: functions }],
          toolConfig: { functionCallingConfig: { mode } },
          ...(thinks && { thinkingConfig: { includeThoughts: true } }),
        },
      });
      const parts = answered.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
      contents.push({ role: "model", parts });
      const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
      if (calls.length > 0) contents.push({ role: "user", parts: calls.map(({ id }) => resultOf(id)) });
      const said = parts.filter(({ thought }) => thought !== true);
      return {
        id: answered.at(-1)?.responseId ?? "",
        calls: calls.length,
        text: said.map(({ text }) => text ?? "").join(""),
      };
    },
  };
};

function resultOf(id: string | undefined): Part {
  const response = { output: weather.output };
  return { functionResponse: { ...(id !== undefined && { id }), name: weather.name, response } };
}
