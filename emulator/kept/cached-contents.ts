import { ApiFailure, invalidArgument } from "../api-failure.ts";
import { modelNotFound } from "../faults/catalog.ts";
import { readMessage } from "../gemini/read-message.ts";
import { generateRequestOf } from "../gemini/read-request.ts";
import type { GenerateRequest } from "../gemini/request.ts";
import { cachedContentFields } from "../gemini/request-fields.ts";
import { cachedContentNotFound, checkCachedContent } from "../gemini/rules.ts";
import type { JsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { geminiModel, isShutDown, servingModel } from "../models.ts";
import type { Draft } from "../service/draft.ts";
import type { KeptEndpoint } from "../service/endpoint.ts";
import { promptTokens } from "../service/prompt-tokens.ts";
import type { World } from "../service/world.ts";
import { totalTokens } from "../tokens.ts";
import type { CachedContent } from "./kept.ts";
import { pageOf } from "./page-of.ts";

/** How long one lives when nobody says, ms. */
const ttlMsDefault = 3_600_000;

/** cachedContents: create, list, get, update, delete. */
export function serveCachedContents(
  { method, id = "" }: KeptEndpoint,
  { url, body }: { readonly url: URL; readonly body: string },
  world: World,
  draft: Draft,
): JsonObject {
  const { cachedContents } = world.kept;
  const { keyHash } = draft;
  switch (method) {
    case "create":
      return shown(create(body, world, draft));
    case "list": {
      const alive = cachedContents.all(keyHash).filter((cached) => cached.expiresMs > world.now());
      const { items, nextPageToken } = pageOf(alive, url.searchParams);
      return {
        ...(items.length === 0 ? {} : { cachedContents: items.map(shown) }),
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      };
    }
    case "get":
      return shown(living(id, world, keyHash));
    case "update": {
      const cached = living(id, world, keyHash);
      const { ttl, expireTime } = readMessage(body, cachedContentFields);
      const updated = {
        ...cached,
        updatedMs: world.now(),
        expiresMs: expiry({ ttl, expireTime }, world.now()),
      };
      cachedContents.put(keyHash, id, updated);
      return shown(updated);
    }
    case "delete":
      living(id, world, keyHash);
      cachedContents.remove(keyHash, id);
      return {};
    case "cancel":
      throw new ApiFailure(404, "Method not found.");
  }
}

/** A request with what it names put before it, and how many tokens of it are kept. Itself where it names none. */
export function withCachedContent(
  request: GenerateRequest,
  model: EmulatedModel,
  world: World,
  keyHash: string,
): { readonly request: GenerateRequest; readonly cachedTokens?: number } {
  const { cachedContent, ...own } = request;
  if (cachedContent === undefined) return { request };
  checkCachedContent(request, model);
  const cached = living(cachedContent.replace(/^cachedContents\//, ""), world, keyHash);
  if (servingModel(modelOf(cached.model, world.now())).id !== model.id) {
    throw invalidArgument(
      `Model used by GenerateContent request (models/${model.id}) and CachedContent (${cached.model}) has to be the same.`,
    );
  }
  const { contents, ...kept } = cached.request;
  return {
    request: { ...own, ...kept, contents: [...contents, ...own.contents] },
    cachedTokens: cached.tokens,
  };
}

function create(body: string, world: World, draft: Draft): CachedContent {
  const message = readMessage(body, cachedContentFields);
  const { model: named, displayName, ttl, expireTime, name: _name, ...prompt } = message;
  if (typeof named !== "string")
    throw invalidArgument("* CreateCachedContentRequest.model: model is required\n");
  const model = modelOf(named, world.now());
  draft.model = model.id;
  if (model.generation >= 4) throw invalidArgument("Explicit caching is not supported for this model.");
  const request = generateRequestOf(prompt);
  const tokens = totalTokens(promptTokens(request, model));
  draft.promptTokens = tokens;
  if (tokens < model.cachedPrefixTokensMin) {
    throw invalidArgument(
      `Cached content is too small. total_token_count=${tokens}, min_total_token_count=${model.cachedPrefixTokensMin}`,
    );
  }
  const nowMs = world.now();
  return world.kept.cachedContents.add(draft.keyHash, (id) => ({
    id,
    model: `models/${model.id}`,
    ...(typeof displayName === "string" ? { displayName } : {}),
    request,
    tokens,
    createdMs: nowMs,
    updatedMs: nowMs,
    expiresMs: expiry({ ttl, expireTime }, nowMs),
  }));
}

function modelOf(named: string, nowMs: number): EmulatedModel {
  const id = named.replace(/^models\//, "");
  const model = geminiModel(id);
  if (model === undefined || isShutDown(model, nowMs) || model.kind !== "chat") {
    throw modelNotFound(id, "v1beta", "createCachedContent");
  }
  return model;
}

function living(id: string, world: World, keyHash: string): CachedContent {
  const cached = world.kept.cachedContents.find(keyHash, id);
  if (cached && cached.expiresMs > world.now()) return cached;
  throw cachedContentNotFound();
}

function expiry(
  { ttl, expireTime }: { readonly ttl: unknown; readonly expireTime: unknown },
  nowMs: number,
): number {
  if (typeof ttl === "string") {
    const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(ttl) ?? [];
    if (seconds === undefined)
      throw invalidArgument("Invalid value at 'cached_content.ttl', a duration is wanted.");
    return nowMs + Number(seconds) * 1_000;
  }
  const atMs = typeof expireTime === "string" ? Date.parse(expireTime) : nowMs + ttlMsDefault;
  if (!(atMs > nowMs)) throw invalidArgument("expire_time must be in the future.");
  return atMs;
}

function shown(cached: CachedContent): JsonObject {
  const { id, model, displayName, tokens, createdMs, updatedMs, expiresMs } = cached;
  return {
    name: `cachedContents/${id}`,
    model,
    ...(displayName === undefined ? {} : { displayName }),
    createTime: instant(createdMs),
    updateTime: instant(updatedMs),
    expireTime: instant(expiresMs),
    usageMetadata: { totalTokenCount: tokens },
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
