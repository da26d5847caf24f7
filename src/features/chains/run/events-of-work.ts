/** Tells an event; resolves when its reader wants the next. */
export type Tell<Event> = (event: Event) => Promise<void>;

/**
 * Work that tells events, as something to read: whoever tells is held back until the reader has taken it. A reader that
 * leaves stops the work, and is let go when the work has ended.
 * @param stop ends the work
 * @returns what the work returns, as the generator's result
 */
export async function* eventsOfWork<Event, Result>(
  work: (tell: Tell<Event>) => Promise<Result>,
  stop: () => void,
): AsyncGenerator<Event, Result> {
  const waiting: { readonly event: Event; readonly taken: () => void }[] = [];
  let news = Promise.withResolvers<void>();
  let isLeft = false;
  const tell: Tell<Event> = (event) => {
    if (isLeft) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ event, taken: resolve });
    news.resolve();
    return promise;
  };
  let isOver = false;
  const result = work(tell);
  const ended = () => {
    isOver = true;
    news.resolve();
  };
  // A failure is thrown to the reader below, as soon as it has taken what came before.
  const over = result.then(ended, ended);
  try {
    for (;;) {
      const next = waiting[0];
      if (next) {
        // It stays in the list while the reader has it: one that leaves now lets go of it below.
        yield next.event;
        waiting.shift();
        next.taken();
      } else if (isOver) {
        return await result;
      } else {
        await news.promise;
        news = Promise.withResolvers<void>();
      }
    }
  } finally {
    isLeft = true;
    stop();
    for (const { taken } of waiting) taken();
    await over;
  }
}
