import type { ExperimentDesign } from "./experiment-design.ts";

/** What decides whether two experiments could take the same unit. */
type Claim = Pick<
  ExperimentDesign,
  "name" | "route" | "incumbent" | "unit" | "layer" | "startsAtMs" | "endsAtMs" | "shadow"
>;

/** In which way two experiments stand in each other's way. */
export type Overlap = "layer-parts" | "layer-units" | "same-requests";

/**
 * Whether two experiments could take the same unit at one time: parts of one layer that overlap, one layer over two kinds
 * of units, which cannot keep them apart, or the same requests without a layer between them. Audiences are not looked at:
 * one unit may be in several, one request after the other. What compares off-line takes no units.
 */
export function overlap(one: Claim, other: Claim): Overlap | undefined {
  if (one.shadow || other.shadow) return undefined;
  if (isOver(one, other) || isOver(other, one)) return undefined;
  if (one.layer && other.layer && one.layer.name === other.layer.name) {
    if (unitName(one) !== unitName(other)) return "layer-units";
    return one.layer.from < other.layer.to && other.layer.from < one.layer.to ? "layer-parts" : undefined;
  }
  return takesSameRequests(one, other) ? "same-requests" : undefined;
}

/** Whether one ends before the other begins. */
function isOver({ endsAtMs }: Claim, { startsAtMs }: Claim): boolean {
  return endsAtMs !== undefined && startsAtMs !== undefined && endsAtMs <= startsAtMs;
}

function takesSameRequests(one: Claim, other: Claim): boolean {
  if (one.route !== other.route) return false;
  return one.incumbent === undefined || other.incumbent === undefined || one.incumbent === other.incumbent;
}

function unitName({ unit }: Claim): string {
  return typeof unit === "string" ? unit : `tag ${unit.tag}`;
}
