import { weightsKept, withdrawnUnasked } from "../checkers/configurations.ts";
import { everyAttemptRecorded } from "../checkers/records.ts";
import type { Specification } from "../world/scenario.ts";
import { nothing, type Planting } from "./planting.ts";

/** A call that its client left is in no log. */
export const abortUnrecorded: Planting = {
  fault: "attempt not recorded on abort",
  shownBy: everyAttemptRecorded,
  plant: () => ({
    ports: {
      record: (record) => ({
        ...record,
        attempts: record.attempts.filter(({ outcome }) => outcome !== "aborted"),
      }),
    },
    restore: nothing,
  }),
};

/** Draining changes a status that nobody looks at when a deployment is chosen. */
export const drainingChosen: Planting = {
  fault: "draining deployment still chosen",
  shownBy: withdrawnUnasked,
  plant: () => ({
    ports: { specification: ({ specification }) => ({ ...specification, withdrawn: [] }) },
    restore: nothing,
  }),
};

/** Each reload adds to what the one before had made of the weights. */
export const weightsDrifting: Planting = {
  fault: "weights drifting after reload",
  shownBy: weightsKept,
  plant: () => ({
    ports: {
      specification: ({ number, specification }) => ({
        ...specification,
        weights: drifted(specification.weights, number),
        shares: normalised(drifted(specification.shares, number)),
      }),
    },
    restore: nothing,
  }),
};

/** The first one grows by a quarter with each reload. */
function drifted(weights: Specification["weights"], reloads: number): Specification["weights"] {
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight], at) => [name, at === 0 ? weight * 1.25 ** reloads : weight]),
  );
}

function normalised(shares: Specification["shares"]): Specification["shares"] {
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share / sum]));
}
