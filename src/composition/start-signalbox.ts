import { dirname } from "node:path";
import { openDatabase, type DatabaseOptions } from "#adapters/postgres/open-database.ts";
import { ModuleUpstream } from "#adapters/langchain/module-upstream.ts";
import { geminiResourceServer } from "#core/dialects/gemini/resources/resources.ts";
import { steadyNowMs } from "#core/kernel/steady-clock.ts";
import { hearModules, runModuleCode } from "#adapters/system/module-code.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { createLogger, type LogLevel } from "#adapters/telemetry/logger.ts";
import { createMetrics } from "#adapters/telemetry/metrics.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { readPepper, startAccess } from "#composition/access.ts";
import { chainModuleLoader } from "#composition/chain-module-loader.ts";
import {
  startConfiguration,
  type ConfigurationSource,
  type RunningConfiguration,
} from "#composition/configuration.ts";
import { controlPlane } from "#composition/control-plane.ts";
import { dialects, providerDialects, vertex } from "#composition/dialects.ts";
import { resultsOfExperiments, startExperiments } from "#composition/experiments.ts";
import { startNotifications, type NotificationTimes } from "#composition/notifications.ts";
import { startFeedback } from "#composition/feedback.ts";
import { evaluationJobs } from "#composition/evaluation-jobs.ts";
import { deploymentFacts } from "#composition/health-views.ts";
import { deployService, startDeployments } from "#composition/deployments.ts";
import { currentSnapshot, gatewaySnapshot } from "#composition/gateway-snapshot.ts";
import { EndingModels } from "#composition/ending-models.ts";
import { modelViews } from "#composition/model-views.ts";
import { tellModuleError } from "#composition/module-error.ts";
import { Emulation, type EmulationOptions } from "#composition/emulation.ts";
import { logMetrics } from "#composition/log-writer/log-metrics.ts";
import { startRecorder } from "#composition/log-writer/start-recorder.ts";
import { startProber } from "#composition/prober.ts";
import { moduleProviders } from "#composition/module-providers.ts";
import { ProviderCredentials } from "#composition/provider-credentials.ts";
import { startRetention } from "#composition/retention.ts";
import { startOnlineEvaluations } from "#composition/online-evaluations.ts";
import { startShadows } from "#composition/shadows.ts";
import { SlowStart } from "#composition/slow-start.ts";
import { pseudonym, type HiddenKind } from "#core/kernel/pseudonym.ts";
import type { BreakerSettings } from "#core/resilience/breaker.ts";
import type { ProbePolicy } from "#core/resilience/probe-plan.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { servingAt } from "#core/routing/eligibility.ts";
import { noStandings } from "#core/routing/standing.ts";
import { credentialOf } from "#features/access/index.ts";
import { chainDefinitions, ChainModules, ChainService } from "#features/chains/index.ts";
import { madeOf, type Provider } from "#features/configuration/index.ts";
import { postgresExperimentStore } from "#features/experiments/index.ts";
import {
  AttemptsUnderWay,
  Gateway,
  healthIdentityOf,
  Healths,
  type GatewayPorts,
} from "#features/gateway/index.ts";
import { LiveTail, postgresRequestLogStore, StoredThreads, trafficService } from "#features/traffic/index.ts";
import { ChainChat } from "#http/data-plane/chain-chat.ts";
import { createDataPlane } from "#http/data-plane/data-plane.ts";
import { createHttpServer } from "#http/server.ts";

/** What a Signalbox is started with. */
export interface SignalboxOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly configuration: ConfigurationSource;
  readonly database: DatabaseOptions;
  /** Folder for what must outlive a start beside the database: the pepper of the keys. */
  readonly dataDirectory: string;
  readonly adminKey: string | undefined;
  readonly logLevel: LogLevel;
  readonly emulation: EmulationOptions;
  /** An environment variable, for keys of other servers that evaluations ask; none is known when absent. */
  readonly variable?: (name: string) => string | undefined;
  /** Other breakers than the usual ones: measuring how long one takes to come back does not wait five minutes. */
  readonly breaker?: BreakerSettings;
  /** Other times of probing than the usual ones: a test does not wait for a minute. */
  readonly probes?: ProbePolicy & { readonly roundMs?: number };
  /** Other times of telling what becomes of experiments than the usual ones: a test does not wait for seconds. */
  readonly notifications?: NotificationTimes;
}

/** A running Signalbox. */
export interface Signalbox extends AsyncDisposable {
  /** http://host:port, without a slash at the end. */
  readonly url: string;
  readonly configuration: Pick<RunningConfiguration, "settings" | "inForce" | "file">;
  /** Whether callers need no key. */
  readonly open: boolean;
  /** The emulator that answers in place of providers without a key; undefined when none does. */
  readonly emulatorUrl: string | undefined;
  /** Stops accepting, lets answers under way finish for `deadlineMs`, writes what is not written. */
  close(deadlineMs?: number): Promise<void>;
}

/** How long answers under way may take when Signalbox is told to stop, ms. */
const closeDeadlineMs = 30_000;
/** How long of that runs of evaluations may take to hear answers that are under way, ms. */
const runsDeadlineMs = 10_000;
/** How long the last records may take to be written, ms. */
const flushDeadlineMs = 5_000;

/**
 * Builds everything and opens the listener. The one place where adapters, features and HTTP meet.
 * @throws AppError when it must not or cannot start; what had been opened is closed then
 */
export async function startSignalbox(options: SignalboxOptions): Promise<Signalbox> {
  await using stack = new AsyncDisposableStack();
  const logger = createLogger({ level: options.logLevel });
  const database = stack.use(
    await openDatabase({
      ...options.database,
      onConnectionLost: (error) => logger.warn({ err: error }, "database connection lost"),
    }),
  );
  const emulation = stack.use(new Emulation(options.emulation));
  const credentials = stack.use(new ProviderCredentials(logger));
  const modules = new ModuleUpstream(stack.use(new UndiciUpstream()), {
    clock: systemClock,
    timers: systemTimers,
  });
  stack.use(hearModules((module, error) => tellModuleError(logger, module, error)));
  const source = options.configuration;
  const chainModules = new ChainModules(chainModuleLoader(dirname(source.path), systemTimers), runModuleCode);
  const configuration = stack.use(
    await startConfiguration({
      ...options,
      source,
      database,
      emulation,
      credentials,
      chainModules,
      modules,
      logger,
    }),
  );
  const { inForce, settings } = configuration;
  const pepper = readPepper(options.dataDirectory);
  const access = await startAccess({ ...options, pepper, database, logger });
  stack.defer(() => access.close());
  const { recorder, keepsWhole, ...running } = await startRecorder({
    log: () => settings().log,
    database,
    place: options.database,
    dataDirectory: options.dataDirectory,
    configurationDirectory: dirname(source.path),
    logger,
    onRecord(record) {
      metrics.observeRequest(record);
      tail.publish(record);
    },
  });
  stack.defer(() => running.close(flushDeadlineMs));
  const tail = new LiveTail(recorder.recent);
  const metrics = createMetrics({
    inFlight: () => server.inFlight,
    log: () => logMetrics(recorder.state(), systemClock.nowMs()),
    tail: () => tail.counts(),
    configuration: configuration.facts,
    tokens: () => credentials.facts(),
    deployments: () =>
      [...settings().deployments.values()].map((deployment) =>
        deploymentFacts(deployment.name, health(deployment)),
      ),
  });
  const attempts = new AttemptsUnderWay();
  const underWay = (deployment: string) => attempts.count(deployment);
  const { service: deployments } = stack.use(
    await startDeployments({ database, configuration, underWay, logger }),
  );
  const { service: experiments } = stack.use(await startExperiments({ database, configuration, logger }));
  const shadows = startShadows({ database, experiments, metrics, logger });
  stack.defer(() => shadows.close());
  const steadyMs = steadyNowMs(systemClock);
  const healths = new Healths(steadyMs, options.breaker);
  const health = (deployment: Deployment) =>
    healths.of(healthIdentityOf(servingAt(deployment, systemClock.nowMs()))).view(steadyMs());
  const slowStart = new SlowStart(healths, steadyMs);
  const endingModels = stack.use(
    new EndingModels({ configuration: settings, clock: systemClock, timers: systemTimers, logger }),
  );
  const tokenOf = (provider: Provider) => credentials.tokenOf(provider);
  const snapshotWorld = () => ({ dialects: providerDialects, vertex, emulatorUrl: emulation.url, tokenOf });
  const sources = { inForce, standings: deployments.standings, experiments: experiments.view };
  const snapshot = currentSnapshot(sources, (loaded, status) => {
    credentials.keepOnly(loaded.configuration);
    slowStart.changed(loaded.configuration, status);
    endingModels.look();
    return gatewaySnapshot(loaded, status, { ...snapshotWorld(), healths });
  });
  const pseudonymSecret = pepper.hash("pseudonyms").toString("hex");
  const pseudonymOf = (kind: HiddenKind, name: string) => pseudonym(pseudonymSecret, kind, name);
  const store = postgresRequestLogStore(database.kysely);
  const requests = trafficService(store, recorder.recent, systemClock);
  const feedback = startFeedback({
    database,
    requests,
    recent: recorder.recent,
    pseudonym: pseudonymOf,
    hidden: (row) => pseudonym(pseudonymSecret, "row", row),
    retentionMs: () => settings().log.rowsRetentionMs,
    logger,
  });
  stack.defer(() => feedback.close());
  const online = startOnlineEvaluations({ database, settings, feedback, metrics, logger });
  stack.defer(() => online.close());
  const gatewayPorts: GatewayPorts = {
    upstream: modules,
    timers: systemTimers,
    clock: systemClock,
    random: systemRandom,
    underWay: attempts,
    snapshot,
    settle: (principal, usage) => access.settle(principal, usage),
    keep: ({ requestId, body, response, truncated = false }) =>
      recorder.recordContent({
        requestId,
        request: body,
        response: response === undefined ? "" : JSON.stringify(response),
        truncated,
      }),
    keepsWhole,
    pseudonym: pseudonymOf,
    record: (make) => recorder.record(make),
    shadow: shadows.take,
    evaluate: online.take,
  };
  const gateway = new Gateway(gatewayPorts);
  const deploy = deployService({
    service: deployments,
    configuration,
    load: source.load,
    async gatewayOver(loaded) {
      await emulation.prepare(loaded.configuration);
      await modules.prepare(moduleProviders(loaded), dirname(source.path));
      const view = { statusEpoch: deployments.standings().statusEpoch, standings: noStandings };
      // What it does while it is tried says nothing of those in service.
      const world = { ...snapshotWorld(), healths: new Healths(steadyMs) };
      const candidate = gatewaySnapshot(loaded, view, world);
      return new Gateway({ ...gatewayPorts, snapshot: () => candidate });
    },
    logger,
  });
  stack.defer(() => deploy.close());
  const storedThreads = new StoredThreads({
    store,
    flush: (deadlineMs) => recorder.flush(deadlineMs),
    timers: systemTimers,
    clock: systemClock,
    keepsWhole,
    retentionMs: () => Math.min(settings().log.contentRetentionMs, settings().log.rowsRetentionMs),
  });
  const retention = startRetention(store, {
    log: () => settings().log,
    endedPhases: (timeMs) => postgresExperimentStore(database.kysely).endedBefore(timeMs),
    logger,
  });
  stack.defer(() => retention.stop());
  const experimentResults = resultsOfExperiments({ database, log: store, experiments, settings });
  stack.use(
    startNotifications({
      database,
      inForce,
      service: experiments,
      results: experimentResults,
      logger,
      ...options.notifications,
    }),
  );
  const evaluationRuns = stack.use(
    evaluationJobs({ ...options, database, logger, access, port: () => port }),
  );
  const chains = new ChainService(
    {
      gateway,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      configuredRoute: (chain) => settings().chains.get(chain)?.route,
      configured: () => settings().ownChains,
      modules: chainModules,
      prompts: () => settings().prompts,
      costOf: (id) => recorder.recent.get(id)?.cost,
      answered: (event) => metrics.observeChainAnswer(event),
      resolves: (name) => snapshot().resolve(name) !== undefined,
    },
    chainDefinitions,
  );
  const app = await controlPlane({
    logger,
    configuration,
    deployments,
    deploy,
    experiments,
    underWay,
    health,
    gateway,
    database,
    requests,
    experimentResults,
    evaluationRuns: evaluationRuns.service,
    tail,
    feedback,
    pseudonym: pseudonymOf,
    metrics: {
      contentType: metrics.contentType,
      text() {
        recorder.settle();
        return metrics.text();
      },
    },
    access,
    chains,
    accepting: () => server.accepting,
    log: recorder,
  });
  stack.defer(() => app.close());
  const server = createHttpServer({
    timers: systemTimers,
    open: () => access.open.data || access.open.admin,
    controlPlane: (request, response) => app.routing(request, response),
    dataPlane: createDataPlane({
      chains: new ChainChat({
        chains,
        gateway,
        clock: systemClock,
        unexpected: (error, requestId) => logger.error({ err: error, requestId }, "chain failed"),
      }),
      gateway,
      clock: systemClock,
      random: systemRandom,
      dialects,
      resources: geminiResourceServer,
      models: madeOf(inForce, ({ loaded }) => modelViews(loaded.configuration)),
      turnsBefore: (asked) => storedThreads.turnsBefore(asked),
      logAccepts: () => recorder.accepting,
      admit: (request, query) => evaluationRuns.admit(credentialOf(request.headers, query)),
      unexpected: (error, requestId) => logger.error({ err: error, requestId }, "request failed"),
    }),
  });
  const { port } = await server.listen(options);
  const prober = startProber({
    ...gatewayPorts,
    database,
    logger,
    healths,
    steadyMs,
    configuration: settings,
    ...(options.probes && { policy: options.probes }),
  });
  stack.defer(() => prober.stop());
  await evaluationRuns.start();
  const opened = stack.move();
  let closing: Promise<void> | undefined;
  const close = async (deadlineMs: number): Promise<void> => {
    // Those who watch have no end of their own to wait for.
    tail.close();
    await evaluationRuns.close(Math.min(deadlineMs, runsDeadlineMs));
    const report = await server.close(deadlineMs);
    if (report.cut > 0) logger.warn(report, "answers were cut off by the shutdown's deadline");
    await opened.disposeAsync();
  };
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    configuration,
    open: access.open.data,
    get emulatorUrl() {
      return emulation.url;
    },
    close: (deadlineMs = closeDeadlineMs) => (closing ??= close(deadlineMs)),
    [Symbol.asyncDispose]: () => (closing ??= close(closeDeadlineMs)),
  };
}
