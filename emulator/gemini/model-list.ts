import { invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import type { ModelBody, ModelListBody } from "./response-bodies.ts";
import { geminiModels, isShutDown } from "../models.ts";

const pageSizeDefault = 50;
const pageSizeMax = 1000;

/** A model as GET models/{m} shows it. */
export function modelResource(model: EmulatedModel): ModelBody {
  const isChat = model.kind === "chat";
  return {
    name: `models/${model.id}`,
    version: "001",
    displayName: model.displayName,
    description: `Emulated ${model.displayName}`,
    inputTokenLimit: model.inputTokenLimit,
    outputTokenLimit: model.outputTokenLimit,
    supportedGenerationMethods: isChat
      ? ["generateContent", "countTokens"]
      : ["embedContent", "countTextTokens"],
    ...(isChat ? { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 } : {}),
    ...(model.thinking.kind === "none" ? {} : { thinking: true }),
  };
}

/** One page of the models that are not shut down. */
export function modelListResponse(query: URLSearchParams, nowMs: number): ModelListBody {
  const asked = Number(query.get("pageSize") ?? pageSizeDefault);
  if (!Number.isInteger(asked) || asked < 0) throw invalidArgument("Invalid value for page_size.");
  const size = Math.min(pageSizeMax, asked === 0 ? pageSizeDefault : asked);
  const start = startOf(query.get("pageToken"));
  const living = geminiModels.filter((model) => !isShutDown(model, nowMs));
  const end = start + size;
  const models = living.slice(start, end).map(modelResource);
  return end < living.length ? { models, nextPageToken: tokenOf(end) } : { models };
}

function tokenOf(start: number): string {
  return Buffer.from(`page:${start}`).toString("base64url");
}

function startOf(token: string | null): number {
  if (token === null || token === "") return 0;
  const start = /^page:(\d{1,6})$/.exec(Buffer.from(token, "base64url").toString("latin1"))?.[1];
  if (start === undefined) throw invalidArgument("Invalid page token.");
  return Number(start);
}
