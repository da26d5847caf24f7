import type { ExperimentChange, KeptVerdict, NewNotification, Notification } from "./notification.ts";
import { tooManyWait, waitingMax, type NotificationStore } from "./store.ts";

/** Messages in memory, for tests. @param changes of experiments, as they are kept elsewhere, oldest first */
export function memoryNotificationStore(
  changes: () => readonly ExperimentChange[] = () => [],
): NotificationStore {
  const verdicts = new Map<string, KeptVerdict>();
  let messages: readonly Notification[] = [];
  let cursor: number | undefined;
  let made = 0;
  const keep = (added: readonly NewNotification[]): void => {
    for (const message of added) {
      if (messages.some((one) => isSame(one, message))) continue;
      made += 1;
      const kept = {
        ...message,
        number: made,
        state: "waiting" as const,
        attempts: 0,
        atMs: message.madeAtMs,
      };
      messages = [...messages, kept];
    }
  };
  return {
    async cursor() {
      return cursor;
    },
    async newestChange() {
      return Math.max(0, ...changes().map(({ epoch }) => epoch));
    },
    async changesAfter(epoch, limit) {
      return changes()
        .filter((change) => change.epoch > epoch)
        .slice(0, limit);
    },
    async keepChanges(upTo, added) {
      cursor = Math.max(cursor ?? 0, upTo);
      keep(added);
    },
    async forgetCursor() {
      cursor = undefined;
    },
    async verdicts() {
      return new Map(verdicts);
    },
    async keepVerdict(verdict, added) {
      verdicts.set(verdict.experiment, verdict);
      keep(added);
    },
    async waiting(target, limit) {
      return messages.filter((one) => one.target === target && one.state === "waiting").slice(0, limit);
    },
    async waitingTargets() {
      const names = messages.filter(({ state }) => state === "waiting").map(({ target }) => target);
      return [...new Set(names)].toSorted();
    },
    async settle(message, { state, attempts, atMs, failure }) {
      messages = messages.map((one) => {
        if (!isSame(one, message)) return one;
        const { failure: _former, ...rest } = one;
        return { ...rest, state, attempts, atMs, ...(failure !== undefined && { failure }) };
      });
    },
    async newest(experiment, limit) {
      return messages
        .filter((one) => one.experiment === experiment)
        .toReversed()
        .slice(0, limit);
    },
    async tidy(target, overBeforeMs) {
      const waiting = messages.filter((one) => one.target === target && one.state === "waiting");
      const dropped = new Set(waiting.slice(0, Math.max(0, waiting.length - waitingMax)));
      messages = messages
        .map((one) => (dropped.has(one) ? { ...one, state: "given-up" as const, failure: tooManyWait } : one))
        .filter(({ state, atMs }) => state === "waiting" || atMs >= overBeforeMs);
    },
  };
}

function isSame(
  one: Pick<Notification, "id" | "target">,
  other: Pick<Notification, "id" | "target">,
): boolean {
  return one.id === other.id && one.target === other.target;
}
