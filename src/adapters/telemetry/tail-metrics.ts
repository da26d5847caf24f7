import { Counter, Gauge, type Registry } from "prom-client";

/** Who watches requests end. */
export interface TailFacts {
  readonly listeners: number;
  /** Events that slow listeners lost since the start. */
  readonly dropped: number;
}

/** Adds the live tail's metrics. The counts are kept by the tail itself; a scrape reads them. */
export function observeTail(registry: Registry, facts: () => TailFacts): void {
  const listeners: Gauge = new Gauge({
    name: "signalbox_tail_listeners",
    help: "Who watches requests end.",
    registers: [],
    collect: () => listeners.set(facts().listeners),
  });
  const dropped: Counter = new Counter({
    name: "signalbox_tail_dropped_events_total",
    help: "Events that were not told to a watcher because it read too slowly.",
    registers: [],
    collect() {
      dropped.reset();
      dropped.inc(facts().dropped);
    },
  });
  registry.registerMetric(listeners);
  registry.registerMetric(dropped);
}
