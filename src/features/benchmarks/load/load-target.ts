import type { JsonObject } from "#core/kernel/json.ts";
import type { LoadDialect } from "../dialects/load-dialect.ts";

/** Whom requests go to. */
export interface LoadTarget {
  /** Unique in the run. */
  readonly name: string;
  /** Where requests go, whole. */
  readonly url: string;
  readonly model: string;
  readonly dialect: LoadDialect;
  readonly stream: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields that are put into each body beside those of the dialect, such as `ignore_eos`. */
  readonly fields: JsonObject;
}
