import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { Metrics } from "#adapters/telemetry/metrics.ts";
import { deploymentViews, type DeploymentWorld } from "#composition/deployment-views.ts";
import { explainRequest } from "#composition/explain-request.ts";
import { catalogViews, usableDeployments } from "#composition/catalog-views.ts";
import type { RunningFeedback } from "#composition/feedback.ts";
import type { RunningConfiguration } from "#composition/configuration.ts";
import { asksForEmulation } from "#composition/emulation.ts";
import type { PseudonymKind } from "#core/kernel/pseudonym.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { standingsIn } from "#composition/standings-in.ts";
import { liveScores } from "#features/evaluations/index.ts";
import type { Access } from "#features/access/index.ts";
import { catalogModel } from "#features/catalog/index.ts";
import type { ChainDefinition } from "#core/chains/chain-definition.ts";
import type { ChainService } from "#features/chains/index.ts";
import type { Configuration } from "#features/configuration/index.ts";
import type { DeployService, DeploymentService } from "#features/deployments/index.ts";
import { postgresReviewStore, ReviewService, type JobService } from "#features/evaluations/index.ts";
import {
  experimentViews,
  postgresNotificationStore,
  type ExperimentResults,
  type ExperimentService,
} from "#features/experiments/index.ts";
import type { Gateway } from "#features/gateway/index.ts";
import { PromptService } from "#features/prompts/index.ts";
import {
  postgresEraser,
  type LiveTail,
  type Recorder,
  type TrafficService,
} from "#features/traffic/index.ts";
import { createControlPlane } from "#http/control-plane/control-plane.ts";
import { chainCallEndpoints } from "#http/control-plane/chain-endpoints.ts";
import { controlPlaneEndpoints } from "#http/control-plane/endpoints.ts";
import { cachedDocument } from "#http/openapi/cached-document.ts";
import type { ApiSnapshot } from "#http/openapi/snapshot.ts";
import { version } from "#composition/version.ts";

const nowMs = (): number => systemClock.nowMs();

/** What the control plane is built over. */
export interface ControlPlaneParts {
  readonly logger: Logger;
  readonly configuration: RunningConfiguration;
  readonly deployments: DeploymentService;
  readonly deploy: DeployService;
  readonly experiments: ExperimentService;
  readonly experimentResults: ExperimentResults;
  readonly evaluationRuns: JobService;
  /** Attempts that this process has under way at a deployment. */
  readonly underWay: (deployment: string) => number;
  /** How a deployment is now. */
  readonly health: DeploymentWorld["health"];
  readonly gateway: Pick<Gateway, "explain">;
  readonly database: Database;
  readonly requests: TrafficService;
  readonly tail: LiveTail;
  readonly feedback: RunningFeedback;
  /** The name under which a unit or a conversation is kept. */
  readonly pseudonym: (kind: PseudonymKind, name: string) => string;
  readonly metrics: Pick<Metrics, "contentType" | "text">;
  readonly access: Access;
  readonly chains: ChainService;
  /** False from the moment a shutdown begins. */
  readonly accepting: () => boolean;
  readonly log: Pick<Recorder, "accepting" | "state">;
}

/** Builds `/api`, the chains, the pages and the probes. */
export function controlPlane(parts: ControlPlaneParts): Promise<FastifyInstance> {
  const { logger, configuration, access, chains, database, deployments, experiments } = parts;
  const { settings } = configuration;
  const endpoints = controlPlaneEndpoints({
    requests: parts.requests,
    tail: { tail: parts.tail, timers: systemTimers },
    feedback: parts.feedback,
    liveScores: (name) =>
      liveScores(
        {
          evaluation: (one) => settings().evaluations.get(one),
          feedback: parts.feedback,
          clock: systemClock,
        },
        name,
      ),
    erase: (kind, name) => postgresEraser(database.kysely).erase(parts.pseudonym(kind, name), nowMs()),
    outcomes: {
      service: parts.feedback.outcomes,
      webhook(name) {
        const { loaded } = configuration.inForce();
        const settings = loaded.configuration.outcomes.webhooks.get(name);
        const secret = loaded.webhookSecrets.get(name);
        return settings && secret && { settings, secret };
      },
      nowMs,
    },
    reviews: new ReviewService({ store: postgresReviewStore(database.kysely), nowMs }),
    catalog: catalogViews(settings, nowMs),
    explain: (question) => explainRequest(parts.gateway, question),
    deployments: {
      service: deployments,
      deploy: parts.deploy,
      ...deploymentViews({
        configuration: settings,
        statuses: deployments.deploymentStates,
        underWay: parts.underWay,
        health: parts.health,
        progress: (name) => parts.deploy.progress(name),
        nowMs,
      }),
    },
    experiments: {
      service: experiments,
      ...experimentViews({
        service: experiments,
        configuration: settings,
        nowMs,
        notifications: postgresNotificationStore(database.kysely),
      }),
    },
    experimentResults: parts.experimentResults,
    evaluationRuns: { service: parts.evaluationRuns, timers: systemTimers },
    prompts: new PromptService({ configuration: configuration.service }),
    configuration: { service: configuration.service, file: () => configuration.file.state },
    chains,
    keys: access,
    health: {
      timers: systemTimers,
      metrics: parts.metrics,
      readiness: {
        configurationVersion: () => settings().version,
        pingStore: () => database.ping(),
        usableDeployments: () =>
          usableDeployments(settings(), {
            nowMs: nowMs(),
            standings: standingsIn(settings(), deployments.standings().standings),
          }),
        accepting: parts.accepting,
        log: () => ({ accepting: parts.log.accepting, full: parts.log.state().full }),
      },
    },
  });
  const chainCalls = chainCallEndpoints({
    chains,
    timers: systemTimers,
    logAccepts: () => parts.log.accepting,
    unexpected: (error, requestId) => logger.error({ err: error, requestId }, "chain failed"),
  });
  return createControlPlane({
    logger,
    endpoints: [...endpoints, ...chainCalls],
    document: cachedDocument({
      snapshot: () => apiSnapshot(settings(), chains.definitions),
      info: () => ({ version, emulated: asksForEmulation(settings()) }),
      served: endpoints,
    }),
    access,
    requestId: () => requestId(nowMs(), systemRandom.bytes(10)),
  });
}

/** The live names that the API's document shows. */
function apiSnapshot(configuration: Configuration, chains: readonly ChainDefinition[]): ApiSnapshot {
  const deployments = [...configuration.deployments.values()];
  const ofOperation = (operation: "chat" | "embeddings") =>
    deployments.filter(({ model }) => model.operations.includes(operation)).map(({ name }) => name);
  const written = ofOperation("chat").filter((name) => !catalogModel(name));
  const catalog = ofOperation("chat").filter((name) => catalogModel(name));
  return {
    version: configuration.version,
    routes: [...configuration.routes.keys()],
    chatModels: [...catalog, ...written],
    embeddingModels: ofOperation("embeddings"),
    chains,
  };
}
