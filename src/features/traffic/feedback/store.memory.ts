import { lowestId } from "#features/traffic/request-key.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  memoryFeedbackMoments,
  memoryFeedbackNames,
  memoryFeedbackQuantile,
} from "./feedback-moments.memory.ts";
import type { Feedback, FeedbackRevision } from "./feedback.ts";
import { memoryJudgedMoments } from "./judged-moments.memory.ts";
import { keepFeedback, revisionsMax } from "./keep-feedback.ts";
import { summaryMax, type FeedbackFilters, type FeedbackStore, type FeedbackSummary } from "./store.ts";

/**
 * Feedback in memory, for tests. Unbounded: it lives as long as the test.
 * @param requests the log that answers, and units of experiments, are looked up in
 */
export function memoryFeedbackStore(requests: () => readonly RequestRecord[]): FeedbackStore {
  const all = new Map<string, Feedback>();
  const revisions: (FeedbackRevision & { readonly author: string })[] = [];
  const sorted = () => [...all.values()].toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const settle = (id: string, change: Partial<Feedback>) => {
    const feedback = all.get(id);
    if (feedback?.state === "pending") all.set(id, { ...feedback, ...change });
  };
  return {
    async keep(author, entries, nowMs) {
      const own = [...all.values()].filter((feedback) => feedback.author === author);
      const kept = keepFeedback(
        {
          author,
          feedback: own.filter(({ subject }) =>
            entries.some((entry) => entry.subject.kind === subject.kind && entry.subject.id === subject.id),
          ),
          byClientId: new Map(
            revisions.flatMap((revision) => {
              const feedback = all.get(revision.feedbackId);
              return revision.author === author && revision.clientId !== undefined && feedback
                ? [[revision.clientId, feedback]]
                : [];
            }),
          ),
          pending: own.filter(({ state }) => state === "pending").length,
        },
        entries,
        nowMs,
      );
      for (const feedback of kept.changed) all.set(feedback.id, feedback);
      for (const revision of kept.revisions) revisions.push({ ...revision, author });
      return kept.results;
    },
    async list({ filters, limit, before }) {
      const matching = sorted().filter(
        (feedback) => matches(feedback, filters) && (before === undefined || feedback.id < before),
      );
      const shown = matching.slice(0, limit);
      const last = shown.at(-1);
      return { feedback: shown, ...(matching.length > limit && last && { next: last.id }) };
    },
    async get(id) {
      const feedback = all.get(id);
      if (!feedback) return undefined;
      const own = revisions
        .filter(({ feedbackId }) => feedbackId === id)
        .filter(
          ({ revision }) =>
            revision > feedback.revisionCount - revisionsMax || revision === feedback.revision,
        )
        .map(({ author: _author, ...revision }) => revision);
      return { feedback, revisions: own };
    },
    async summary({ fromMs, toMs, filters, positiveAbove }) {
      const within = [...all.values()].filter(
        (feedback) =>
          feedback.state === "joined" &&
          feedback.atMs >= fromMs &&
          feedback.atMs < toMs &&
          matches(feedback, filters),
      );
      const groups = Map.groupBy(within, ({ request, name }) =>
        JSON.stringify([request?.route, request?.variant, name]),
      );
      return [...groups.values()]
        .map((group) => summaryOf(group, positiveAbove))
        .toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
        .slice(0, summaryMax);
    },
    async feedbackMoments(query) {
      return memoryFeedbackMoments({ feedback: [...all.values()], records: requests() }, query);
    },
    async feedbackQuantile(query) {
      return memoryFeedbackQuantile({ feedback: [...all.values()], records: requests() }, query);
    },
    async judgedMoments(query) {
      return memoryJudgedMoments({ feedback: [...all.values()], records: requests() }, query);
    },
    async feedbackNames(query) {
      return memoryFeedbackNames({ feedback: [...all.values()], records: requests() }, query);
    },
    async pending({ limit, after }) {
      return sorted()
        .filter(({ id, state }) => state === "pending" && (after === undefined || id > after))
        .toReversed()
        .slice(0, limit);
    },
    join: async (id, request) => settle(id, { state: "joined", request }),
    expire: async (id, reason) => settle(id, { state: "expired", reason }),
    async requestsAnswering(responseId, limit) {
      return requests()
        .filter(({ upstreamResponseId }) => upstreamResponseId === responseId)
        .map(({ requestId }) => requestId)
        .toSorted((one, other) => (one < other ? 1 : -1))
        .slice(0, limit);
    },
    async deleteOld({ beforeMs, limit, after }) {
      const old = [...all.values()]
        .filter(({ receivedAtMs }) => receivedAtMs < beforeMs)
        .toSorted((one, other) => (placeText(one) < placeText(other) ? -1 : 1))
        .filter((feedback) => !after || placeText(feedback) > `${after.receivedAt} ${after.id}`)
        .slice(0, limit);
      const gone = old.filter((feedback) => !countsForUnit(feedback, requests()));
      for (const { id } of gone) all.delete(id);
      const last = old.length === limit ? old.at(-1) : undefined;
      return { deleted: gone.length, ...(last && { next: { receivedAt: receiptText(last), id: last.id } }) };
    },
  };
}

function receiptText({ receivedAtMs }: Feedback): string {
  return new Date(receivedAtMs).toISOString();
}

function placeText(feedback: Feedback): string {
  return `${receiptText(feedback)} ${feedback.id}`;
}

/** Whether an experiment has the unit that feedback counts for. */
function countsForUnit({ subject, request }: Feedback, records: readonly RequestRecord[]): boolean {
  const { experiment, phase, unit } = request?.exposure ?? {};
  return records.some(({ decision }) => {
    const assigned = decision?.experiment;
    if (!assigned || !("unit" in assigned)) return false;
    return subject.kind === "request"
      ? assigned.name === experiment && assigned.phase === phase && assigned.unit === unit
      : assigned.unit === subject.id;
  });
}

function matches(feedback: Feedback, filters: FeedbackFilters): boolean {
  const { requestId, name, source, route, variant, state, fromMs, toMs } = filters;
  const { subject, request, id } = feedback;
  return (
    (requestId === undefined || (subject.kind === "request" && subject.id === requestId)) &&
    (name === undefined || feedback.name === name) &&
    (source === undefined || feedback.source === source) &&
    (route === undefined || request?.route === route) &&
    (variant === undefined || request?.variant === variant) &&
    (state === undefined || feedback.state === state) &&
    (fromMs === undefined || id >= lowestId(fromMs)) &&
    (toMs === undefined || id < lowestId(toMs))
  );
}

function summaryOf(group: readonly Feedback[], positiveAbove: number): FeedbackSummary {
  const scores = group.flatMap(({ values }) => values.score ?? []);
  const outcomes = group.flatMap(({ values }) =>
    values.outcome === undefined ? [] : Number(values.outcome),
  );
  const judged = group.flatMap(({ values }) => {
    const value = values.score ?? values.outcome;
    return value === undefined ? [] : Number(Number(value) > positiveAbove);
  });
  const [first] = group;
  const { route, variant } = first?.request ?? {};
  return {
    ...(route !== undefined && { route }),
    ...(variant !== undefined && { variant }),
    name: first?.name ?? "",
    count: group.length,
    scores: scores.length,
    ...(scores.length > 0 && { scoreMean: mean(scores), scoreDeviations: deviations(scores) }),
    outcomes: outcomes.length,
    ...(outcomes.length > 0 && { outcomeMean: mean(outcomes) }),
    ...(judged.length > 0 && { positiveShare: mean(judged) }),
  };
}

function deviations(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
