import { hasToken, type AnswerEvent, type RequestTimeline } from "#core/benchmarks/timeline.ts";

/** When events with a choice came, tokens or not: what vLLM counts. */
export function choiceTimes(timeline: RequestTimeline): readonly number[] {
  return timesOf(timeline, ({ kind }) => kind !== "usage");
}

/** When events with a token of any kind came: thinking, content or a call of a tool. */
export function tokenTimes(timeline: RequestTimeline): readonly number[] {
  return timesOf(timeline, hasToken);
}

/** When events with text came, thinking or content, but no calls of tools. */
export function textTimes(timeline: RequestTimeline): readonly number[] {
  return timesOf(timeline, ({ kind }) => kind === "content" || kind === "reasoning");
}

/** When events with content came, thinking left out. */
export function contentTimes(timeline: RequestTimeline): readonly number[] {
  return timesOf(timeline, ({ kind }) => kind === "content");
}

function timesOf({ events }: RequestTimeline, isMeant: (event: AnswerEvent) => boolean): readonly number[] {
  const times: number[] = [];
  for (const event of events) if (isMeant(event)) times.push(event.atMs);
  return times;
}
