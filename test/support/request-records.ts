/** Requests as the log keeps them, for tests of whoever reads it: the inside of a feature is its own. */
export { testDecision, testRecord } from "#features/traffic/request-record.test-support.ts";
