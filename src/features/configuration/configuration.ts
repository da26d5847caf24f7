import type { ConfiguredChain } from "#core/chains/chain-definition.ts";
import type { RedactionSettings } from "#core/redaction/redactor.ts";
import type { Secret } from "#core/kernel/secret.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import type { ExperimentDesign } from "./experiment-design.ts";
import type { OnlineEvaluation } from "./online-evaluation.ts";
import type { OutcomeWebhook } from "./outcome-webhook.ts";
import type { ResolvedModule } from "./resolve-module.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { PromptCache } from "#core/routing/affinity.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route } from "#core/routing/route.ts";
import type { Variant } from "#core/routing/variant.ts";

/** One version of signalbox.yaml, checked and resolved; never changed. Holds no secret. */
export interface Configuration {
  /** Hash of what is written, comments and order aside: 12 hexadecimal digits. */
  readonly version: string;
  /** By name. `google` is there without being written when its key is. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** By name: those written, and one for every catalog model under the model's name. */
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** By name: those written, in signalbox.yaml or in files of their own. */
  readonly prompts: ReadonlyMap<string, ConfiguredPrompt>;
  /** By name: those written. */
  readonly variants: ReadonlyMap<string, Variant>;
  /** By name: those written. */
  readonly routes: ReadonlyMap<string, Route>;
  /**
   * Everything that a request may name in `model`: the routes, then the deployments as written, then the catalog
   * models, each of the latter two as a route of one variant. Made once, since each request looks here.
   */
  readonly targets: ReadonlyMap<string, Route>;
  /** What ready chains ask, by the chain's name. A chain without an entry decides itself what it asks. */
  readonly chains: ReadonlyMap<string, { readonly route: string }>;
  /** The chains that are written here, by name. */
  readonly ownChains: ReadonlyMap<string, ConfiguredChain>;
  /** What scores samples of routes, by name: those written. */
  readonly evaluations: ReadonlyMap<string, OnlineEvaluation>;
  /** By name: those written. Whether one runs is its status. */
  readonly experiments: ReadonlyMap<string, ExperimentDesign>;
  /** Who is told of verdicts and changes of experiments, by name. */
  readonly notifications: ReadonlyMap<string, NotificationTarget>;
  /** Share of all units that is kept out of every experiment, in [0, 1). */
  readonly holdout: number;
  /** What other systems tell of outcomes. Its secrets are apart. */
  readonly outcomes: { readonly webhooks: ReadonlyMap<string, OutcomeWebhook> };
  /** The request log. */
  readonly log: LogConfiguration;
  /** The file's content as plain data, to be shown. Keys are references in it. */
  readonly written: JsonObject;
}

/** A prompt with all its versions. */
export interface ConfiguredPrompt {
  readonly name: string;
  /** What it is for, for people. */
  readonly description?: string;
  /** By number; never empty. */
  readonly versions: ReadonlyMap<number, Prompt>;
  /** The numbers that labels point at. */
  readonly labels: ReadonlyMap<string, number>;
}

/** An address that speaks a dialect. Its key is among the secrets. */
export interface Provider {
  readonly name: string;
  readonly dialect: ProviderDialectName;
  /** Where its paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Whether its address may be private. */
  readonly privateNetwork: boolean;
  /** Whether the built-in emulator answers in its place. */
  readonly emulated: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** How it keeps prompts, for routes that keep conversations where they are. */
  readonly promptCache: PromptCache;
  /** Present where the provider is Vertex AI. */
  readonly vertex?: VertexPlace;
}

/** Whose Vertex AI it is, and who asks. */
export interface VertexPlace {
  readonly project: string;
  readonly location: string;
  /** Path of the credential; absent where the application-default ones are used. */
  readonly credentialsFile?: string;
}

/** Where the request log goes, how much room it has on the way, and how long it is kept. */
export interface LogConfiguration {
  /** `none` keeps nothing. */
  readonly store: "database" | "none";
  /** Most bytes on disk that wait for the database. */
  readonly spoolBytesMax: number;
  /** What happens to new requests when there is no room for their usage. */
  readonly whenFull: "refuse" | "serve";
  /** How long requests are kept, ms. */
  readonly rowsRetentionMs: number;
  /** How long captured content is kept, ms. */
  readonly contentRetentionMs: number;
  /** How long the units of a phase of an experiment are kept after its end, ms. */
  readonly experimentsRetentionMs: number;
  /** What is taken out of captured content before it is written anywhere. */
  readonly redaction: LogRedaction;
}

/** Redaction with the module that goes further. */
export interface LogRedaction extends RedactionSettings {
  /** Path of a module that exports `redact`, as written: relative to the configuration file. */
  readonly hook?: string;
}

/** An address that is told of experiments. What its messages are signed with is among the secrets. */
export interface NotificationTarget {
  readonly name: string;
  /** Never shown: it may hold a token. */
  readonly url: string;
  /** Whether its address may be private. */
  readonly privateNetwork: boolean;
  /** How often the verdict of a running experiment is looked at, ms. */
  readonly everyMs: number;
  /** Names of the experiments that it is told of; absent is all of them. */
  readonly experiments?: ReadonlySet<string>;
  /** Where people reach this Signalbox, without a slash at the end; absent where nobody said. */
  readonly publicUrl?: string;
}

/** What loading gives: settings and secrets apart, so that secrets never travel with settings. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** API keys by the provider's name; emulated providers and those without a key have none. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** What senders of outcomes sign with, by the webhook's name; as `webhookSecretSchema` takes it. */
  readonly webhookSecrets: ReadonlyMap<string, Secret>;
  /** What messages to each address are signed with, by the notification's name. */
  readonly notificationSecrets: ReadonlyMap<string, Secret>;
  /** Classes of modules by the provider's name; emulated ones are not among them. */
  readonly modules: ReadonlyMap<string, ResolvedModule>;
}
