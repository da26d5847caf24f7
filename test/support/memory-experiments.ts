import { systemRandom } from "#adapters/system/system-random.ts";
import type { ConfigurationService } from "#features/configuration/index.ts";
import { ExperimentResults, ExperimentService, experimentViews } from "#features/experiments/index.ts";
import { memoryNotificationStore } from "#features/experiments/notifications/store.memory.ts";
import { memoryExperimentStore } from "#features/experiments/store.memory.ts";
import { memoryShadowStore } from "#features/experiments/shadows/store.memory.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { FakeTime } from "./fake-time.ts";

/** Experiments in memory, over a configuration: what is done with them, how they look, and what came of them by an empty log. */
export function memoryExperiments(configuration: ConfigurationService): {
  readonly experiments: { readonly service: ExperimentService } & ReturnType<typeof experimentViews>;
  readonly experimentResults: ExperimentResults;
} {
  const time = new FakeTime();
  const service = new ExperimentService({
    store: memoryExperimentStore(),
    log: memoryRequestLogStore(),
    configuration,
    clock: time,
    random: systemRandom,
    alone: true,
    onEvent: () => undefined,
  });
  const settings = () => configuration.inForce().loaded.configuration;
  const nowMs = () => time.nowMs();
  const notifications = memoryNotificationStore();
  return {
    experiments: { service, ...experimentViews({ service, configuration: settings, nowMs, notifications }) },
    experimentResults: new ExperimentResults({
      service,
      stores: {
        log: memoryRequestLogStore(),
        feedback: memoryFeedbackStore(() => []),
        shadows: memoryShadowStore(),
      },
      configured: (name) => settings().experiments.has(name),
      nowMs,
    }),
  };
}
