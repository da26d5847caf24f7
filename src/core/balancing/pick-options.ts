/** What a pick is made from beside the candidates. */
export interface PickOptions {
  readonly nowMs: number;
  /** Two numbers drawn uniformly and independently from [0, 1). */
  readonly draws: readonly [number, number];
  /** Work of the request, see requestWork; absent, that of one without a prompt: 1. */
  readonly work?: number;
  /** How long the caller can wait for a deployment to come back, ms >= 0. */
  readonly waitMsMax: number;
}
