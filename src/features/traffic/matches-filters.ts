import type { RequestFilters } from "./store.ts";
import type { RequestRecord } from "./request-record.ts";

/** Whether a record is one of those asked for: the same rule that the SQL of the Postgres store states. */
export function matchesFilters(record: RequestRecord, filters: RequestFilters): boolean {
  const { decision } = record;
  return (
    (filters.route === undefined || decision?.route === filters.route) &&
    (filters.variant === undefined || decision?.variant === filters.variant) &&
    (filters.model === undefined || record.model === filters.model) &&
    (filters.outcome === undefined || record.outcome === filters.outcome) &&
    (filters.keyId === undefined || record.keyId === filters.keyId) &&
    (filters.errorCode === undefined || record.errorCode === filters.errorCode) &&
    (filters.conversation === undefined || record.conversation === filters.conversation) &&
    (filters.unit === undefined || record.unit?.id === filters.unit) &&
    (filters.experiment === undefined || decision?.experiment?.name === filters.experiment) &&
    (filters.picoDollarsMin === undefined || (record.cost?.picoDollars ?? -1) >= filters.picoDollarsMin) &&
    (filters.emulated === undefined || record.emulated === filters.emulated) &&
    Object.entries(filters.tags ?? {}).every(([key, value]) => record.tags[key] === value) &&
    (filters.fromMs === undefined || record.startedAtMs >= filters.fromMs) &&
    (filters.toMs === undefined || record.startedAtMs < filters.toMs) &&
    (filters.deployment === undefined ||
      record.attempts.some((attempt) => attempt.deployment === filters.deployment))
  );
}
