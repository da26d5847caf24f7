import { geminiModels, isShutDown } from "../models.ts";
import type { Flavour } from "./errors.ts";
import type { OpenAiModelBody, OpenAiModelListBody } from "./response-bodies.ts";

const created = 1_760_000_000; // any fixed time; clients only need a number

/** GET models: Google's ids carry "models/", a plain server's do not. `others` are names of non-Gemini models. */
export function openAiModelList(
  flavour: Flavour,
  others: readonly string[],
  nowMs: number,
): OpenAiModelListBody {
  const ids = geminiModels.filter((model) => !isShutDown(model, nowMs)).map(({ id }) => id);
  const data =
    flavour === "google"
      ? ids.map((id) => openAiModel(`models/${id}`, "google"))
      : [...ids, ...others].map((id) => openAiModel(id, "signalbox-emulator"));
  return { object: "list", data };
}

function openAiModel(id: string, owner: string): OpenAiModelBody {
  return { id, object: "model", created, owned_by: owner };
}
