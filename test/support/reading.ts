import type { ClientDialect, ServedDialect } from "#core/dialects/dialect.ts";

/** A dialect with what its clients make of answers: what they would send back, why it ended, what it took. */
export type Reading = ServedDialect & {
  readonly client: Pick<ClientDialect<unknown>, "decodeResponse" | "startStream" | "decodeFrame">;
};
