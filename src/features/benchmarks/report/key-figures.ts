import type { RunFigures } from "./run-figures.ts";

/** A figure by which runs and targets are compared. */
export interface KeyFigure {
  /** snake_case, with its unit. */
  readonly name: string;
  readonly better: "less" | "more";
  /** Undefined where a run does not tell it. */
  readonly of: (figures: RunFigures) => number | undefined;
}

/** Those of a report's overview. */
export const keyFigures: readonly KeyFigure[] = [
  { name: "requests_per_s", better: "more", of: ({ requestsPerS }) => requestsPerS },
  { name: "output_tokens_per_s", better: "more", of: ({ outputTokensPerS }) => outputTokensPerS },
  { name: "good_share", better: "more", of: ({ goodShare }) => goodShare },
  { name: "good_per_s", better: "more", of: ({ goodPerS }) => goodPerS },
  { name: "ttft_ms_mean", better: "less", of: ({ metrics }) => metrics.get("ttft_ms")?.mean },
  { name: "ttft_ms_p95", better: "less", of: ({ metrics }) => metrics.get("ttft_ms")?.p95 },
  { name: "itl_ms_mean", better: "less", of: ({ metrics }) => metrics.get("itl_ms")?.mean },
  { name: "tpot_ms_mean", better: "less", of: ({ metrics }) => metrics.get("tpot_ms")?.mean },
  { name: "e2e_intended_ms_mean", better: "less", of: ({ metrics }) => metrics.get("e2e_intended_ms")?.mean },
  { name: "e2e_intended_ms_p95", better: "less", of: ({ metrics }) => metrics.get("e2e_intended_ms")?.p95 },
  { name: "gateway_ms_mean", better: "less", of: ({ gatewayMs }) => gatewayMs?.mean },
  { name: "usd_per_request", better: "less", of: usdPerRequest },
  {
    name: "usd_per_million_output_tokens",
    better: "less",
    of: ({ costUsd, outputTokens }) =>
      costUsd === undefined || outputTokens === 0 ? undefined : (1e6 * costUsd) / outputTokens,
  },
];

function usdPerRequest({ costUsd, answered }: RunFigures): number | undefined {
  return costUsd === undefined || answered === 0 ? undefined : costUsd / answered;
}
