/** What a provider's answer said of one quota. */
export interface QuotaNews {
  /** What is left of it. */
  readonly left: number;
  /** The whole of it, where it was said. */
  readonly limit?: number;
  /** When it is whole again, ms from then. */
  readonly resetMs: number;
}

/** What an answer's headers said of the provider's limits. */
export interface RateLimitNews {
  readonly requests?: QuotaNews;
  readonly tokens?: QuotaNews;
}
