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

const oneProvider = 'version: 1\nproviders:\n  google: { dialect: gemini, api_key: "${KEY}" }\n';

/** Configurations in memory. @param text the first one, from a file; by default it names one provider */
export async function memoryConfiguration(text = oneProvider): Promise<{
  readonly service: ConfigurationService;
  readonly file: () => FileState;
}> {
  const time = new FakeTime();
  const shared = {
    store: memoryConfigurationStore(),
    load: (written: string) =>
      loadConfiguration(written, (name) => (name === "KEY" ? memoryConfigurationKey : undefined), {
        chains: [],
      }),
    clock: time,
    onEvent: () => undefined,
  };
  const service = new ConfigurationService({ ...shared, prepare: async () => undefined });
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
