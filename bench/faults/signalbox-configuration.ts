import type { WiredDeployment, WiredModel } from "./wiring.ts";
import type { WireName } from "./upstream/wire.ts";

/** How long each phase of a request may take, ms. */
export interface CellDeadlines {
  readonly firstTokenMs: number;
  /** Of a whole answer. */
  readonly answerMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** Short enough that a matrix with many stalls is over soon, long enough for a busy machine. */
export const cellDeadlines: CellDeadlines = { firstTokenMs: 800, answerMs: 800, idleMs: 800, totalMs: 4_000 };

/** A configuration with the variables that it names. */
export interface SignalboxConfiguration {
  /** JSON is YAML. */
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The models of a matrix as Signalbox is configured: each deployment with a provider and a key of its own. */
export function signalboxConfiguration(
  models: readonly WiredModel[],
  wire: WireName,
): SignalboxConfiguration {
  const providers: Record<string, object> = {};
  const deployments: Record<string, object> = {};
  const variants: Record<string, object> = {};
  const routes: Record<string, object> = {};
  const environment: Record<string, string> = {};
  const place = (model: string, { name, baseUrl, model: upstreamModel }: WiredDeployment): string => {
    const placed = `${model}.${name}`;
    const variable = `FAULTS_KEY_${Object.keys(environment).length}`;
    environment[variable] = `key-of-${placed}`;
    providers[placed] = {
      dialect: wire === "gemini" ? "gemini" : "openai-chat",
      base_url: baseUrl,
      private_network: true,
      api_key: `\${${variable}}`,
    };
    deployments[placed] = {
      provider: placed,
      model: upstreamModel,
      // A model that takes more is what a request that is too long is moved to.
      capabilities: { context_tokens: name === "c" ? 131_072 : 8_192 },
    };
    return placed;
  };
  for (const { name, pool, fallback } of models) {
    variants[`${name}.pool`] = { pool: pool.map((one) => place(name, one)) };
    if (fallback) variants[`${name}.fallback`] = { pool: [place(name, fallback)] };
    routes[name] = {
      strategy: { use: `${name}.pool` },
      ...(fallback && { fallbacks: [`${name}.fallback`] }),
      deadlines: {
        first_token: `${cellDeadlines.firstTokenMs}ms`,
        answer: `${cellDeadlines.answerMs}ms`,
        idle: `${cellDeadlines.idleMs}ms`,
        total: `${cellDeadlines.totalMs}ms`,
      },
    };
  }
  return {
    text: JSON.stringify({ version: 1, log: { store: "none" }, providers, deployments, variants, routes }),
    environment,
  };
}
