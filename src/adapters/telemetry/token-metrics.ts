import { Counter, Gauge, type Registry } from "prom-client";

/** How the token of a provider is. */
export interface TokenFacts {
  /** A name of the configuration. */
  readonly provider: string;
  /** When the token at hand ends, ms since 1970; undefined while there was none yet. */
  readonly expiresAtMs: number | undefined;
  readonly renewed: number;
  readonly notRenewed: number;
}

/** Adds the metrics of tokens: one that is not renewed is seen while it is still valid. */
export function observeTokens(registry: Registry, facts: () => readonly TokenFacts[]): void {
  const expiry: Gauge = new Gauge({
    name: "signalbox_provider_token_expiry_timestamp_seconds",
    help: "When the token that a provider is called with ends, seconds since 1970; it is renewed minutes before.",
    labelNames: ["provider"],
    registers: [registry],
    collect() {
      expiry.reset();
      for (const { provider, expiresAtMs } of facts()) {
        if (expiresAtMs !== undefined) expiry.set({ provider }, expiresAtMs / 1_000);
      }
    },
  });
  const renewals: Counter = new Counter({
    name: "signalbox_provider_token_renewals_total",
    help: "Tries to renew a provider's token, by outcome (renewed, failed).",
    labelNames: ["provider", "outcome"],
    registers: [registry],
    collect() {
      renewals.reset();
      for (const { provider, renewed, notRenewed } of facts()) {
        renewals.inc({ provider, outcome: "renewed" }, renewed);
        renewals.inc({ provider, outcome: "failed" }, notRenewed);
      }
    },
  });
}
