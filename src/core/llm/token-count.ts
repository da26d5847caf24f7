/** How many tokens a request has. */
export interface TokenCount {
  readonly totalTokens: number;
  /** The part of it that is cached at the provider. */
  readonly cachedTokens?: number;
  /** `totalTokens` by modality where reported: text, image, ... (lower case). */
  readonly byModality?: Readonly<Record<string, number>>;
  readonly cachedByModality?: Readonly<Record<string, number>>;
}
