import type { Logger } from "pino";
import { FreshToken, type TokenEvent } from "#adapters/google-auth/fresh-token.ts";
import { googleTokens } from "#adapters/google-auth/google-tokens.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { TokenFacts } from "#adapters/telemetry/token-metrics.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Configuration, Provider } from "#features/configuration/index.ts";

/** A provider's token, with what is told of it. */
interface Kept {
  readonly provider: string;
  readonly token: FreshToken;
  readonly counts: { renewed: number; notRenewed: number };
}

/** Tokens of the providers that are called with one. Nothing of Google's library is loaded while there is none. */
export class ProviderCredentials implements Disposable {
  readonly #logger: Logger;
  /** By what each was made from: a provider that is changed gets another one, and the old one serves until then. */
  readonly #kept = new Map<string, Kept>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * Gets a first token for each provider that needs one, before the configuration is in force, so that no request waits.
   * A token server that does not answer does not hold the configuration up: there are further tries.
   * @throws AppError invalid-configuration when a credential cannot be read
   */
  async prepare(configuration: Configuration): Promise<void> {
    const providers = [...configuration.providers.values()].filter(needsToken);
    await Promise.all(providers.map((provider) => this.#prepare(provider)));
  }

  /** The token of a provider; undefined for one that is called otherwise. */
  tokenOf(provider: Provider): FreshToken | undefined {
    return needsToken(provider) ? this.#kept.get(keyOf(provider))?.token : undefined;
  }

  /** Renews no longer what a configuration in force does not use; calls under way keep the token they have. */
  keepOnly(configuration: Configuration): void {
    const used = new Set([...configuration.providers.values()].filter(needsToken).map(keyOf));
    for (const [key, { token }] of this.#kept) {
      if (used.has(key)) continue;
      token.stop();
      this.#kept.delete(key);
    }
  }

  /** What metrics tell. */
  facts(): readonly TokenFacts[] {
    return [...this.#kept.values()].map(({ provider, token, counts }) => ({
      provider,
      expiresAtMs: token.expiresAtMs,
      ...counts,
    }));
  }

  [Symbol.dispose](): void {
    for (const { token } of this.#kept.values()) token.stop();
    this.#kept.clear();
  }

  async #prepare(provider: Provider & Required<Pick<Provider, "vertex">>): Promise<void> {
    const key = keyOf(provider);
    if (this.#kept.has(key)) return;
    const counts = { renewed: 0, notRenewed: 0 };
    const token = new FreshToken({
      source: await sourceOf(provider),
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      onEvent: (event) => this.#tell(provider.name, event, counts),
    });
    await token.renew();
    this.#kept.set(key, { provider: provider.name, token, counts });
  }

  #tell(provider: string, event: TokenEvent, counts: Kept["counts"]): void {
    if (event.kind === "token-renewed") {
      counts.renewed += 1;
      this.#logger.debug({ provider, expiresAtMs: event.expiresAtMs }, event.kind);
      return;
    }
    if (event.kind === "token-rejected") {
      this.#logger.warn({ provider, expiresAtMs: event.expiresAtMs }, event.kind);
      return;
    }
    counts.notRenewed += 1;
    this.#logger.warn({ provider, expiresAtMs: event.expiresAtMs, err: event.error }, event.kind);
  }
}

function keyOf({ name, vertex }: Provider): string {
  return JSON.stringify([name, vertex]);
}

function needsToken(provider: Provider): provider is Provider & Required<Pick<Provider, "vertex">> {
  return provider.vertex !== undefined && !provider.emulated;
}

async function sourceOf({ name, vertex }: Provider & Required<Pick<Provider, "vertex">>) {
  try {
    return await googleTokens({ credentialsFile: vertex.credentialsFile, project: vertex.project });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `Cannot use provider "${name}": ${error.message}`, { cause: error });
  }
}
