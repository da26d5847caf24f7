import type { Deployment } from "#core/routing/deployment.ts";
import { catalogModel, lifecycleAt } from "#features/catalog/index.ts";
import type { DeploymentView } from "#http/control-plane/deployment-view.ts";

/** Where the model of a deployment stands in its life, and what an operator should know of that. */
export function lifecycleOf({ model, successor }: Deployment, nowMs: number): DeploymentView["lifecycle"] {
  const known = catalogModel(model.id);
  if (!known) return { state: "active", shut_down_on: null, replacement: null, warning: null };
  const { state, shutDownOn, replacement } = lifecycleAt(known, nowMs);
  const warning = endWarning(model.id, { state, nowMs, ...(shutDownOn !== undefined && { shutDownOn }) });
  const instead = insteadText(replacement, { successor, isOver: state === "shut-down" });
  return {
    state,
    shut_down_on: shutDownOn ?? null,
    replacement: replacement ?? null,
    warning: warning === undefined ? null : warning + instead,
  };
}

function insteadText(
  replacement: string | undefined,
  { successor, isOver }: { readonly successor: Deployment | undefined; readonly isOver: boolean },
): string {
  if (successor)
    return `; ${successor.model.id} is asked in its place${isOver ? "" : " then"} (replace_ended)`;
  return replacement === undefined ? "" : `; use ${replacement} instead`;
}

const dayMs = 86_400_000;
/** How long before its end a model that is not called deprecated is warned of, days. */
const warnedDaysBefore = 90;

function endWarning(
  id: string,
  {
    state,
    nowMs,
    shutDownOn,
  }: { readonly state: string; readonly nowMs: number; readonly shutDownOn?: string },
): string | undefined {
  if (state === "shut-down") return `${id} was shut down on ${shutDownOn ?? "an unknown day"}`;
  const days = shutDownOn === undefined ? Infinity : Math.ceil((Date.parse(shutDownOn) - nowMs) / dayMs);
  if (days <= warnedDaysBefore)
    return `${id} is shut down on ${shutDownOn ?? ""}, in ${days} ${days === 1 ? "day" : "days"}`;
  return state === "deprecated" ? `${id} is deprecated` : undefined;
}
