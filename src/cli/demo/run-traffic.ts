import type { Conversation } from "#cli/demo/conversations.ts";
import { talk, type TalkDialect, type TalkOptions, type TurnResult } from "#cli/demo/talk.ts";

/** A conversation with the moment it begins and the client that leads it. */
export interface PlannedTalk extends TalkOptions {
  readonly conversation: Conversation;
  /** Since the start of the run, ms >= 0. */
  readonly atMs: number;
}

/** Every conversation with every model through every dialect, whole and streamed in turn. */
export function everyTalk(input: {
  readonly conversations: readonly Conversation[];
  readonly models: readonly string[];
  readonly url: string;
  readonly apiKey: string | undefined;
}): readonly Omit<PlannedTalk, "atMs">[] {
  const { conversations, models, url, apiKey } = input;
  const dialects: readonly TalkDialect[] = ["openai-chat", "gemini"];
  return conversations.flatMap((conversation, at) =>
    models.flatMap((model) =>
      dialects.map((dialect) => ({ conversation, model, dialect, url, apiKey, stream: at % 2 === 1 })),
    ),
  );
}

/** Most conversations under way at once. */
const underWayMax = 64;

/** Holds the planned talks at their times (later when too many are under way) and tells of each turn as it ends. */
export async function runTraffic(
  talks: readonly PlannedTalk[],
  onTurn: (result: TurnResult) => void,
  wait: (delayMs: number) => Promise<void>,
): Promise<void> {
  const startedMs = performance.now();
  const underWay = new Set<Promise<void>>();
  for (const planned of talks) {
    const delayMs = planned.atMs - (performance.now() - startedMs);
    if (delayMs > 0) await wait(delayMs);
    if (underWay.size >= underWayMax) await Promise.race(underWay);
    const held = talk(planned.conversation, planned).then((results) => results.forEach(onTurn));
    const tracked: Promise<void> = held.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }
  await Promise.all(underWay);
}
