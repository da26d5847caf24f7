/** Faults of an address: nobody speaks HTTP there, so they are wired into the gateway's configuration. */
export const addressFaultNames = ["connect-refused", "unknown-host", "unroutable", "tls-garbage"] as const;

/** Faults of an answer, which the faulty upstream plays. */
export const playedFaultNames = [
  "not-http",
  "reset-before-head",
  "close-before-head",
  "reset-after-head",
  "429-minute",
  "429-day",
  "429-limit-0",
  "429-shared",
  "429-retry-after",
  "500",
  "502-html",
  "503",
  "503-retry-after",
  "504",
  "529",
  "401",
  "403",
  "404-model-gone",
  "400-invalid",
  "400-context-length",
  "block-prompt",
  "block-answer",
  "stall-before-head",
  "stall",
  "keep-alives-only",
  "keep-alives-then-answer",
  "empty-deltas-only",
  "empty-deltas-then-answer",
  "slow-drip",
  "clean-end",
  "done-without-finish",
  "cut-connection",
  "reset",
  "malformed",
  "truncated",
  "error-frame",
  "empty-answer",
  "empty-body",
  "html-200",
  "oversize",
  "duplicated-finish",
  "usage-missing",
  "done-missing",
] as const;

/** A fault that the faulty upstream plays. */
export type PlayedFaultName = (typeof playedFaultNames)[number];

/** A fault of an address. */
export type AddressFaultName = (typeof addressFaultNames)[number];

/** Every fault of the matrix. */
export const faultNames = [...addressFaultNames, ...playedFaultNames] as const;

/** Any of them. */
export type FaultName = (typeof faultNames)[number];

/** Whether a fault is one of an address. */
export function isAddressFault(fault: FaultName): fault is AddressFaultName {
  return addressFaultNames.some((name) => name === fault);
}
