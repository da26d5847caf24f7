import { ApiFailure } from "../api-failure.ts";
import type { Delivery } from "../delivery/action.ts";
import { modelNotFound } from "../faults/catalog.ts";
import { checkRules } from "../gemini/rules.ts";
import type { GenerateRequest } from "../gemini/request.ts";
import type { JsonObject } from "../json.ts";
import type { KeptInteraction } from "../kept/kept.ts";
import { geminiModel, isShutDown, servingModel } from "../models.ts";
import type { Draft } from "../service/draft.ts";
import type { KeptEndpoint } from "../service/endpoint.ts";
import { generate, type AnswerDialect, type Said } from "../service/generate.ts";
import type { World } from "../service/world.ts";
import { backgroundBody, interactionBody, interactionEncoder, modelTurn } from "./interaction-body.ts";
import { readInteraction, type InteractionRequest } from "./read-interaction.ts";

/** POST interactions: generates an answer and remembers it. */
export function createInteraction(body: string, world: World, draft: Draft): Delivery | undefined {
  const asked = readInteraction(body);
  draft.model = asked.model;
  draft.isStream = asked.isStream;
  const model = geminiModel(asked.model);
  if (model === undefined || isShutDown(model, world.now()) || model.kind !== "chat") {
    throw modelNotFound(asked.model, "v1", "createInteraction");
  }
  const request = goneOn(asked, world, draft.keyHash);
  const served = servingModel(model);
  checkRules(request, served, world.signatures);
  return generate(
    {
      request,
      model,
      dialect: interactionDialect(asked, request, world, draft.keyHash),
      hasSignatures: served.generation >= 3,
      goesOn: false,
    },
    world,
    draft,
  );
}

/** interactions/{id}: get, cancel, delete. */
export function serveInteraction({ method, id = "" }: KeptEndpoint, world: World, draft: Draft): JsonObject {
  const { interactions } = world.kept;
  const { keyHash } = draft;
  const interaction = known(id, world, keyHash);
  switch (method) {
    case "get":
      return interaction.body;
    case "cancel": {
      const body = { ...interaction.body, status: "cancelled" };
      interactions.put(keyHash, id, { ...interaction, body });
      return body;
    }
    case "delete":
      interactions.remove(keyHash, id);
      return {};
    default:
      throw new ApiFailure(404, "Method not found.");
  }
}

function known(id: string, world: World, keyHash: string): KeptInteraction {
  const interaction = world.kept.interactions.find(keyHash, id);
  if (interaction) return interaction;
  throw new ApiFailure(404, `Interaction ${id} not found.`);
}

function goneOn({ request, previousId }: InteractionRequest, world: World, keyHash: string): GenerateRequest {
  if (previousId === undefined) return request;
  const { contents } = known(previousId, world, keyHash);
  return { ...request, contents: [...contents, ...request.contents] };
}

function interactionDialect(
  asked: InteractionRequest,
  { contents }: GenerateRequest,
  world: World,
  keyHash: string,
): AnswerDialect {
  const kept = (said: Said): string => {
    const made = world.kept.interactions.add(keyHash, (id) => ({
      id,
      body: interactionBody(said, id),
      contents: [...contents, ...modelTurn(said)],
    }));
    if (!asked.isKept) world.kept.interactions.remove(keyHash, made.id);
    return made.id;
  };
  return {
    framesTokens: { tokensMin: 8, tokensMax: 28 },
    streamType: "text/event-stream",
    idOf: (seedText) => `int-${seedText.slice(0, 20)}`,
    whole(said) {
      const id = kept(said);
      return asked.isBackground ? backgroundBody(said, id) : interactionBody(said, id);
    },
    encoder: (said) => interactionEncoder(said, kept(said)),
  };
}
