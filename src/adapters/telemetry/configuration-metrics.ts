import { Gauge, type Registry } from "prom-client";

/** How the configuration is. */
export interface ConfigurationFacts {
  /** Number of the version in force. */
  readonly number: number;
  /** Whether the file cannot be applied as it is. */
  readonly isFileInvalid: boolean;
  /** Whether the newest version cannot be in force in this process. */
  readonly isRefused: boolean;
}

/** Adds the configuration's metrics: replicas that disagree, and a file that is wrong, are seen from outside. */
export function observeConfiguration(registry: Registry, facts: () => ConfigurationFacts): void {
  const gauges: readonly [name: string, help: string, value: (now: ConfigurationFacts) => number][] = [
    ["version_number", "Number of the configuration version in force.", ({ number }) => number],
    [
      "file_invalid",
      "1 while the configuration file cannot be applied; what was in force stays.",
      ({ isFileInvalid }) => Number(isFileInvalid),
    ],
    [
      "refused",
      "1 while the newest configuration version cannot be in force in this process.",
      ({ isRefused }) => Number(isRefused),
    ],
  ];
  for (const [name, help, value] of gauges) {
    const gauge: Gauge = new Gauge({
      name: `signalbox_configuration_${name}`,
      help,
      registers: [registry],
      collect: () => gauge.set(value(facts())),
    });
  }
}
