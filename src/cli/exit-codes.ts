/** What a command's exit code says. Scripts rely on it. */
export const exitCodes = {
  ok: 0,
  /** A gate or a check failed. */
  failed: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** Something outside failed: no connection, no database, no port. */
  infrastructure: 3,
} as const;
