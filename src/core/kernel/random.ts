/** Where chance comes from. The real one is in adapters/system; tests bring a seeded one. */
export interface Random {
  /** A number drawn uniformly from [0, 1). */
  unit(): number;
  /** `length` random bytes, as good as a key needs. */
  bytes(length: number): Uint8Array;
}
