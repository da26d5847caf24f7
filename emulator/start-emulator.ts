import type { AnswerKeys } from "./answers/known-answers.ts";
import { createKnowledge } from "./answers/known-answers.ts";
import type { Pace } from "./delivery/pace.ts";
import { paceOf, zeroPace } from "./delivery/pace.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import { createFaultSet } from "./faults/fault-set.ts";
import { createContinuations } from "./gemini/continuation.ts";
import { createSignatures } from "./gemini/signatures.ts";
import { createKept } from "./kept/kept.ts";
import type { Ledger } from "./ledger.ts";
import { createLedger } from "./ledger.ts";
import { createListenerGate } from "./listener-gate.ts";
import type { ModelVersions } from "./model-versions.ts";
import { createModelVersions } from "./model-versions.ts";
import type { EmulatedModel, LatencyProfile } from "./models.ts";
import { createPrefixCache } from "./prefix-cache.ts";
import type { QuotaLimits, QuotaTier } from "./quota.ts";
import { createQuota, quotaPresets } from "./quota.ts";
import { randomFrom } from "./random.ts";
import { createEmulatorServer } from "./server.ts";
import { createOccurrences } from "./service/occurrences.ts";
import type { Timers } from "./timers.ts";
import { realTimers } from "./timers.ts";

/** How long answers take: not at all, as the models' own profiles say, or by profile per model name. */
export type Latency = "zero" | "realistic" | Readonly<Record<string, LatencyProfile>>;

/** Settings of an emulator. All of them are plain data, except the three ports. */
export interface EmulatorOptions {
  /** TCP port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** Everything random follows from it; "signalbox" by default. */
  readonly seed?: string;
  /** "zero" by default: no timer is used then. Models without a profile of their own take no time. */
  readonly latency?: Latency;
  /** Quotas per key and model; none by default. */
  readonly quota?: QuotaTier | QuotaLimits;
  /** Questions whose answers models know, each with its own skill; none by default. */
  readonly answerKeys?: AnswerKeys;
  /** Wall clock, epoch ms; decides which models are shut down. The real one by default. */
  readonly now?: () => number;
  /** Waiting; real timers by default. */
  readonly timers?: Timers;
  /** Which keys are valid; by default every key that does not start with "invalid". */
  readonly keyAccepted?: (key: string) => boolean;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** http://host:port, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  readonly faults: FaultSet;
  readonly versions: ModelVersions;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Starts an emulator and resolves when it listens. Throws RangeError for answer keys that say nothing sensible. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = "127.0.0.1", seed = "signalbox", timers = realTimers } = options;
  // Finer than Date.now(), so that aborts can be timed to the fraction of a millisecond.
  const now = options.now ?? (() => performance.timeOrigin + performance.now());
  const ledger = createLedger();
  const gate = createListenerGate(timers);
  const faults = createFaultSet(seed, (effect) => gate.apply(effect));
  const versions = createModelVersions();
  const server = createEmulatorServer({
    seed,
    now,
    timers,
    ledger,
    faults,
    versions,
    knowledge: options.answerKeys && createKnowledge(options.answerKeys, seed),
    quota: options.quota === undefined ? undefined : createQuota(limitsOf(options.quota)),
    prefixes: createPrefixCache(),
    signatures: createSignatures(seed),
    continuations: createContinuations(seed),
    kept: createKept(seed),
    keyAccepted: options.keyAccepted ?? ((key) => !key.startsWith("invalid")),
    paceFor: paceFor(options.latency ?? "zero"),
    occurrence: createOccurrences(),
  });
  const port = await gate.open(server, { host, port: options.port ?? 0 });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    ledger,
    faults,
    versions,
    close: () => gate.close(),
    [Symbol.asyncDispose]: () => gate.close(),
  };
}

function limitsOf(quota: QuotaTier | QuotaLimits): QuotaLimits {
  return typeof quota === "string" ? quotaPresets[quota] : quota;
}

function paceFor(latency: Latency): (model: EmulatedModel, seedText: string) => Pace {
  if (latency === "zero") return () => zeroPace;
  return (model, seedText) => {
    const profile = latency === "realistic" ? model.latency : latency[model.id];
    return profile === undefined ? zeroPace : paceOf(profile, randomFrom(`${seedText}/pace`));
  };
}
