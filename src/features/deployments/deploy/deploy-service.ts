import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { ModelOperation } from "#core/routing/model-facts.ts";
import type { Principal } from "#features/access/index.ts";
import { catalogModel } from "#features/catalog/index.ts";
import {
  applyEdit,
  InvalidConfigurationError,
  withDeployment,
  type Configuration,
  type ConfigurationProblem,
  type ConfigurationService,
  type LoadedConfiguration,
} from "#features/configuration/index.ts";
import type { DeploymentStatus, Registration } from "../deployment-status.ts";
import type { DeploymentService } from "../service.ts";
import type { Ask } from "../verification/ask.ts";
import type { CheckLine, VerificationReport } from "../verification/report.ts";
import { failureOf, verify } from "../verification/verify.ts";
import { deploymentName } from "./deployment-name.ts";

/** What the service works with. */
export interface DeployPorts {
  readonly deployments: Pick<DeploymentService, "put" | "deploymentStates">;
  readonly configuration: Pick<ConfigurationService, "inForce" | "version" | "apply" | "follow">;
  /** Reads a text as the configuration of this process. */
  readonly load: (text: string) => Result<LoadedConfiguration, readonly ConfigurationProblem[]>;
  /** Makes what asks a deployment of a configuration that is not in force, through the gateway. */
  readonly asker: (
    loaded: LoadedConfiguration,
    call: { deployment: string; principal: Principal; signal: AbortSignal },
  ) => Promise<Ask>;
  readonly clock: Clock;
  /** Hears what is no failure of the deployment but of ours. */
  readonly onError: (error: unknown, deployment: string) => void;
}

/** What is to be deployed. */
export interface DeployRequest {
  /** The model's id in the provider's words. */
  readonly model: string;
  /** Where several could serve it, which. */
  readonly provider?: string;
  /** Its name; that of the model where there is none. */
  readonly name?: string;
  /** What it is for; what the catalog says of the model where it is left out, and chat where that says nothing. */
  readonly kind?: ModelOperation;
  /** What it costs, as `$0.10` for a million tokens: where nobody knows it, or it is not what the catalog says. */
  readonly price?: WrittenPrice;
  readonly route?: { readonly name: string; readonly share: number };
  readonly why?: string;
  /** Who deploys: what is asked on the way is theirs. */
  readonly principal: Principal;
  readonly by: string;
}

/** A price as it is written. The output may be left out of a model that makes vectors: it has none. */
export interface WrittenPrice {
  readonly input: string;
  readonly output?: string;
  readonly cached_input?: string;
}

/**
 * Brings models into service: registers a deployment, tries it against its provider, and only when nothing failed writes
 * it into the configuration, as a new version.
 */
export class DeployService {
  readonly #ports: DeployPorts;
  /** What verifications under way have found so far. */
  readonly #progress = new Map<string, CheckLine[]>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(ports: DeployPorts) {
    this.#ports = ports;
  }

  /**
   * Registers a deployment and begins to verify it. Resolves when it is registered.
   * @throws AppError invalid-request, conflict; InvalidConfigurationError when the configuration would not load with it
   */
  async deploy(request: DeployRequest): Promise<DeploymentStatus> {
    const { configuration } = this.#ports.configuration.inForce().loaded;
    const name = this.#nameOf(request, configuration);
    const registered = registrationOf(request, configuration);
    const { text } = await this.#ports.configuration.version(
      String(this.#ports.configuration.inForce().version.number),
    );
    const loaded = this.#loaded(textWith(text, name, registered));
    const deployment = loaded.configuration.deployments.get(name);
    if (!deployment)
      throw new Error(`Broken invariant: a configuration with "${name}" has no such deployment`);
    const kind = kindOf(deployment, request);
    const former = this.#ports.deployments.deploymentStates().get(name);
    const change = { by: request.by, ...present({ why: request.why }), epoch: former?.epoch ?? 0 };
    const status = await this.#ports.deployments.put(
      { deployment: name, state: "verifying", sinceMs: this.#ports.clock.nowMs(), registered },
      change,
    );
    const running = this.#run(status, { loaded, deployment, kind, registered, request });
    this.#running.set(
      name,
      running.finally(() => this.#running.delete(name)),
    );
    return status;
  }

  /** What the verification of a deployment has found so far in this process; empty when none is under way. */
  progress(deployment: string): readonly CheckLine[] {
    return this.#progress.get(deployment) ?? [];
  }

  /** Breaks off the verifications under way: they are given up by whoever looks next. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  /** Never rejects. */
  async #run(status: DeploymentStatus, work: Work): Promise<void> {
    try {
      const report = await this.#verify(status.deployment, work);
      if (!this.#closing.signal.aborted) await this.#conclude(status, work, report);
    } catch (error) {
      // The store or we ourselves failed: the status stays `verifying` until it is given up.
      this.#ports.onError(error, status.deployment);
    } finally {
      this.#progress.delete(status.deployment);
    }
  }

  async #verify(name: string, { loaded, deployment, kind, request }: Work): Promise<VerificationReport> {
    const lines: CheckLine[] = [];
    this.#progress.set(name, lines);
    const { signal } = this.#closing;
    const ask = await this.#ports.asker(loaded, { deployment: name, principal: request.principal, signal });
    const { clock } = this.#ports;
    return verify({ deployment, kind, ask, clock, onLine: (line) => void lines.push(line) });
  }

  /** Ready with a version of the configuration, or refused without one. */
  async #conclude(status: DeploymentStatus, work: Work, report: VerificationReport): Promise<void> {
    const { deployment, epoch } = status;
    const failure = failureOf(report) ?? (await this.#written(deployment, work));
    const next = { deployment, registered: work.registered, report, sinceMs: this.#ports.clock.nowMs() };
    const state = failure === undefined ? "ready" : "refused";
    const why = failure ?? "passed its verification";
    await this.#ports.deployments.put({ ...next, state }, { by: work.request.by, why, epoch });
  }

  /** Writes it into the newest configuration. @returns why that is not possible */
  async #written(name: string, { registered, request }: Work): Promise<string | undefined> {
    const comment = `deploy ${name}: ${request.why ?? "passed its verification"}`;
    try {
      await applyEdit(this.#ports.configuration, request.by, (text) => ({
        text: textWith(text, name, registered),
        comment,
      }));
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.message;
    }
  }

  #loaded(text: string): LoadedConfiguration {
    const loaded = this.#ports.load(text);
    if (loaded.ok) return loaded.value;
    throw new InvalidConfigurationError("deploy", "configuration", loaded.error);
  }

  #nameOf({ name, model }: DeployRequest, { targets, deployments, variants }: Configuration): string {
    const statuses = this.#ports.deployments.deploymentStates();
    const isConfigured = (one: string) => targets.has(one) || deployments.has(one) || variants.has(one);
    if (name === undefined) return deploymentName(model, (one) => isConfigured(one) || statuses.has(one));
    if (isConfigured(name)) throw taken(name, "the configuration has it");
    if (statuses.get(name)?.state === "verifying") throw taken(name, "it is being verified");
    return name;
  }
}

/** A configuration with a deployment as it was registered. */
function textWith(text: string, name: string, { kind, ...registered }: Registration): string {
  // What the catalog knows of a model is not written.
  const operations = kind && !catalogModel(registered.model) ? [kind] : undefined;
  return withDeployment(text, present({ name, ...registered, operations }));
}

/** Everything that is known of a deployment under verification. */
interface Work {
  readonly loaded: LoadedConfiguration;
  readonly deployment: Deployment;
  readonly kind: ModelOperation;
  readonly registered: Registration;
  readonly request: DeployRequest;
}

/** The one that is named; else the only one there is. */
function providerOf({ provider }: DeployRequest, { providers }: Configuration): string {
  if (provider !== undefined) return provider;
  const [first, ...others] = providers.keys();
  if (first !== undefined && others.length === 0) return first;
  const actual = first === undefined ? "there is none" : `there are ${[first, ...others].join(", ")}`;
  throw new AppError("invalid-request", `Cannot deploy: the provider is wanted, ${actual}`);
}

function taken(name: string, actual: string): AppError {
  return new AppError("conflict", `Cannot deploy "${name}": a name that nothing has is wanted, ${actual}`);
}

/** What somebody said it is for; else chat, where its model does that. @throws AppError invalid-request */
function kindOf({ model }: Deployment, { kind }: DeployRequest): ModelOperation {
  const [first = "chat"] = model.operations;
  const wanted = kind ?? (model.operations.includes("chat") ? "chat" : first);
  if (model.operations.includes(wanted)) return wanted;
  throw new AppError(
    "invalid-request",
    `Cannot deploy "${model.id}" for ${wanted}: a model that does that is wanted, it is one for ${model.operations.join(" and ")}`,
  );
}

function registrationOf(request: DeployRequest, configuration: Configuration): Registration {
  const { model, kind, route } = request;
  return present({
    model,
    provider: providerOf(request, configuration),
    kind,
    price: wholePrice(request),
    route: route && { ...route },
  });
}

/** @throws AppError invalid-request, where the price of the answers is missing of a model that may chat */
function wholePrice({ model, kind, price }: DeployRequest): Registration["price"] {
  if (!price) return undefined;
  const operations = catalogModel(model)?.operations ?? [kind ?? "chat"];
  if (price.output === undefined && operations.includes("chat"))
    throw new AppError(
      "invalid-request",
      `Cannot deploy "${model}": a price for input and output is wanted, that of the output is missing`,
    );
  return { ...price, output: price.output ?? "$0" };
}
