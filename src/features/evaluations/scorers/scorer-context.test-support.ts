import { expect } from "vitest";
import { itemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { ModuleThreads } from "#features/evaluations/custom/module-threads.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { must } from "../../../../test/support/must.ts";
import type { ScorerContext } from "./make-run-scorers.ts";

/** What scorers are made with that ask nobody. */
export function lonelyContext(): ScorerContext {
  const time = new FakeTime();
  const nobody = () => expect.unreachable("nobody is asked");
  return {
    ask: nobody,
    embed: nobody,
    post: nobody,
    server: { baseUrl: "", headers: {} },
    timers: time,
    clock: time,
    prompt: must(itemPrompt("x")),
    variable: () => undefined,
    modules: new ModuleThreads(),
  };
}
