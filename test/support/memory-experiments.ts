import { systemRandom } from "#adapters/system/system-random.ts";
import type { ConfigurationService } from "#features/configuration/index.ts";
import { ExperimentService, experimentViews } from "#features/experiments/index.ts";
import { memoryExperimentStore } from "#features/experiments/store.memory.ts";
import { FakeTime } from "./fake-time.ts";

/** Experiments in memory, over a configuration: what is done with them, and how they look. */
export function memoryExperiments(
  configuration: ConfigurationService,
): { readonly service: ExperimentService } & ReturnType<typeof experimentViews> {
  const time = new FakeTime();
  const service = new ExperimentService({
    store: memoryExperimentStore(),
    configuration,
    clock: time,
    random: systemRandom,
    alone: true,
    onEvent: () => undefined,
  });
  const settings = () => configuration.inForce().loaded.configuration;
  return { service, ...experimentViews({ service, configuration: settings, nowMs: () => time.nowMs() }) };
}
