/**
 * What a route lets be kept of its requests. `off`: what money and health need (decision, attempts, usage, cost, times);
 * `metadata`: also units, conversations, tags and the upstream's ids; `full`: also what was asked and answered, redacted.
 */
export const capturePolicies = ["off", "metadata", "full"] as const;

/** One of them. */
export type CapturePolicy = (typeof capturePolicies)[number];

/** The policy where nothing is written. */
export const defaultCapture: CapturePolicy = "metadata";
