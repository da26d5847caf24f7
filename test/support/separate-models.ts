/** Deployments that share nothing: what makes one fail leaves the others well. */
export interface SeparateModels {
  /** For `startTestSignalbox` and `startEmbedded`; it needs no variables. */
  readonly configuration: string;
  /** Their names, to be asked for. */
  readonly models: readonly string[];
}

/**
 * A configuration with so many emulated deployments of one Gemini that thinks, each at a provider of its own; and the
 * Gemini models by their own names.
 */
export function separateModels(count: number): SeparateModels {
  const models = Array.from({ length: count }, (_, index) => `flash-${index}`);
  const provider = { dialect: "gemini", api_key: "${GEMINI_API_KEY}", emulate: "without_key" };
  const providers = ["google", ...models.map(providerOf)].map((name) => [name, provider] as const);
  const deployments = models.map(
    (name) => [name, { provider: providerOf(name), model: "gemini-3.8-flash" }] as const,
  );
  return {
    models,
    // JSON is YAML.
    configuration: JSON.stringify({
      version: 1,
      providers: Object.fromEntries(providers),
      deployments: Object.fromEntries(deployments),
    }),
  };
}

function providerOf(model: string): string {
  return `google-${model}`;
}
