import type { JsonObject } from "#core/kernel/json.ts";

/** A name that a client can put into `model`. */
export interface ListedModel {
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdSeconds: number;
  readonly ownedBy: string;
}

/** Writes the body of GET /models. */
export function encodeModelList(models: readonly ListedModel[]): JsonObject {
  return { object: "list", data: models.map(encodeModel) };
}

/** Writes the body of GET /models/{id}. */
export function encodeModel({ id, createdSeconds, ownedBy }: ListedModel): JsonObject {
  return { id, object: "model", created: createdSeconds, owned_by: ownedBy };
}
