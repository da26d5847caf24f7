/** How many attempts are under way at each deployment. At most one entry a deployment that was ever asked. */
export class AttemptsUnderWay {
  readonly #counts = new Map<string, number>();

  /** An attempt begins. */
  began(deployment: string): void {
    this.#counts.set(deployment, this.count(deployment) + 1);
  }

  /** An attempt that began is over, however it ended. */
  ended(deployment: string): void {
    this.#counts.set(deployment, this.count(deployment) - 1);
  }

  /** Attempts under way at a deployment now. */
  count(deployment: string): number {
    return this.#counts.get(deployment) ?? 0;
  }
}
