/** A right that one process of a fleet has at a time. */
export interface Lease {
  /** Takes it, or keeps it; false while another process has it. @throws AppError store-unavailable */
  hold(): Promise<boolean>;
  /** Gives it up, where this process has it. */
  release(): Promise<void>;
}

/** The lease of a process that has the database to itself. */
export const ownLease: Lease = {
  hold: () => Promise.resolve(true),
  release: () => Promise.resolve(),
};
