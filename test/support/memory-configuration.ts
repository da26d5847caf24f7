import {
  ConfigurationFile,
  ConfigurationService,
  loadConfiguration,
  type FileState,
} from "#features/configuration/index.ts";
import { memoryConfigurationStore } from "#features/configuration/versions/store.memory.ts";
import { FakeTime } from "./fake-time.ts";

/** The value of the one variable there is, `${KEY}`. */
const memoryConfigurationKey = "sk-planted-key";

/** Configurations in memory; the first is from a file that names one provider. */
export async function memoryConfiguration(): Promise<{
  readonly service: ConfigurationService;
  readonly file: () => FileState;
}> {
  const time = new FakeTime();
  const shared = {
    store: memoryConfigurationStore(),
    load: (text: string) =>
      loadConfiguration(text, (name) => (name === "KEY" ? memoryConfigurationKey : undefined), {
        chains: [],
      }),
    clock: time,
    onEvent: () => undefined,
  };
  const service = new ConfigurationService({ ...shared, prepare: async () => undefined });
  const text = 'version: 1\nproviders:\n  google: { dialect: gemini, api_key: "${KEY}" }\n';
  const file = new ConfigurationFile({
    ...shared,
    path: "signalbox.yaml",
    read: async () => text,
    service,
    timers: time,
  });
  await file.start();
  return { service, file: () => file.state };
}
