import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { ConfigurationSource, RunningConfiguration } from "#composition/configuration.ts";
import { verificationAsk } from "#composition/verification-caller.ts";
import type { LoadedConfiguration } from "#features/configuration/index.ts";
import type { Gateway } from "#features/gateway/index.ts";
import {
  DeployService,
  DeploymentService,
  followStatuses,
  postgresDeploymentStore,
  type DeploymentEvent,
} from "#features/deployments/index.ts";

/** What the status of deployments is started over. */
interface DeploymentOptions {
  readonly database: Database;
  readonly configuration: RunningConfiguration;
  /** Attempts that this process has under way at a deployment. */
  readonly underWay: (deployment: string) => number;
  readonly logger: Logger;
}

/** Random bytes in the name of a process: enough that no two have one. */
const processNameBytes = 12;

/**
 * Reads how deployments stand, and follows what other processes do with them.
 * @throws AppError store-unavailable
 */
export async function startDeployments(
  options: DeploymentOptions,
): Promise<AsyncDisposable & { readonly service: DeploymentService }> {
  const { database, configuration, logger } = options;
  const service = new DeploymentService({
    store: postgresDeploymentStore(database.kysely),
    clock: systemClock,
    configured: (name) => configuration.settings().deployments.get(name),
    underWay: options.underWay,
    // One process alone has the embedded database.
    process: database.kind === "pglite" ? { kind: "alone" } : { kind: "one-of-many", name: processName() },
    onEvent(event) {
      tell(logger, event);
      // The epoch of the status is also part of what the configuration in force tells.
      if (event.kind !== "deployment-status-not-followed") void configuration.service.follow();
    },
  });
  await service.start();
  const unfollow = followStatuses(service, systemTimers);
  return {
    service,
    async [Symbol.asyncDispose]() {
      await unfollow();
      await service.close();
    },
  };
}

function processName(): string {
  return Buffer.from(systemRandom.bytes(processNameBytes)).toString("hex");
}

function tell(logger: Logger, { kind, ...facts }: DeploymentEvent): void {
  if ("error" in facts) logger.warn({ err: facts.error }, kind);
  else logger.info(facts, kind);
}

/** What models are brought into service with. */
interface DeployOptions {
  readonly service: DeploymentService;
  readonly configuration: RunningConfiguration;
  readonly load: ConfigurationSource["load"];
  /** A gateway that knows a configuration that is not in force, whatever stands in the status of its deployments. */
  readonly gatewayOver: (loaded: LoadedConfiguration) => Promise<Pick<Gateway, "chat" | "embeddings">>;
  readonly logger: Logger;
}

/** What brings models into service: verified through the gateway, then written into the configuration. */
export function deployService({
  service,
  configuration,
  load,
  gatewayOver,
  logger,
}: DeployOptions): DeployService {
  return new DeployService({
    deployments: service,
    configuration: configuration.service,
    load,
    asker: async (loaded, call) =>
      verificationAsk({
        ...call,
        gateway: await gatewayOver(loaded),
        clock: systemClock,
        random: systemRandom,
      }),
    clock: systemClock,
    onError: (err, deployment) => logger.error({ err, deployment }, "deployment-not-verified"),
  });
}
