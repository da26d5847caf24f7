import type { CatalogModel } from "./catalog-model.ts";

/** Where a model stands at some moment. */
export interface LifecycleStatus {
  /** `deprecated`: it works, and its maker advises to leave it. `shut-down`: requests are refused. */
  readonly state: "active" | "deprecated" | "shut-down";
  /** What its maker says to use instead. */
  readonly replacement?: string;
  /** The announced day of the shutdown, an ISO date. */
  readonly shutDownOn?: string;
}

/** Where a model stands. @param nowMs ms since 1970 */
export function lifecycleAt(model: CatalogModel, nowMs: number): LifecycleStatus {
  const { deprecated, replacement, shutDownOn } = model.lifecycle;
  const over = shutDownOn !== undefined && nowMs >= Date.parse(shutDownOn);
  return {
    state: over ? "shut-down" : deprecated ? "deprecated" : "active",
    ...(replacement !== undefined && { replacement }),
    ...(shutDownOn !== undefined && { shutDownOn }),
  };
}
