import { AsyncLocalStorage } from "node:async_hooks";

/** Hears of an error that nobody waits for. @param module the one that left it behind, as its configuration names it */
type Hearer = (module: string, error: unknown) => void;

/** The module whose code is running, also behind what it awaits. */
const running = new AsyncLocalStorage<string>();
const hearers = new Set<Hearer>();

/** Runs code of a module, so that what it leaves behind is known to be its own. */
export function runModuleCode<Value>(module: string, work: () => Value): Value {
  return running.run(module, work);
}

/**
 * Has promises of modules that fail unheard told to somebody, where Node would end the process. Those that no module left
 * behind still end it, unless the application listens for them.
 */
export function hearModules(hearer: Hearer): Disposable {
  if (hearers.size === 0) process.on("unhandledRejection", tell);
  hearers.add(hearer);
  return {
    [Symbol.dispose]() {
      hearers.delete(hearer);
      if (hearers.size === 0) process.off("unhandledRejection", tell);
    },
  };
}

function tell(error: unknown): void {
  const module = running.getStore();
  if (module !== undefined) for (const hearer of hearers) hearer(module, error);
  // Node does so itself where nobody listens.
  else if (process.listenerCount("unhandledRejection") === 1) throw error;
}
