/** The wall clock of this process, which can be set ahead, so that minutes pass in which nobody waits. */
export interface MovableClock extends Disposable {
  advance(ms: number): void;
}

/** Takes over the wall clock until it is disposed; clocks that measure durations go on as they are. */
export function takeOverClock(): MovableClock {
  const real = Date.now;
  let aheadMs = 0;
  Date.now = () => real() + aheadMs;
  return {
    advance(ms) {
      aheadMs += ms;
    },
    [Symbol.dispose]() {
      Date.now = real;
    },
  };
}
