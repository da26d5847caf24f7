/** One thing that is wrong with what was sent, as the server says. */
export interface ClientProblem {
  /** Where it is: `body.name`, or a path in signalbox.yaml. */
  readonly field: string;
  readonly wanted: string;
  readonly actual: string;
  /** In the text that was sent, from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly file?: string | undefined;
}

/** A call to a running Signalbox that did not succeed. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  /** `unreachable`: nothing answers. `refused`: the call is at fault. `failed`: the server is. */
  readonly kind: "unreachable" | "refused" | "failed";
  /** The server's word for what went wrong: `conflict`; undefined when it gave none. */
  readonly code: string | undefined;
  /** Each value that is at fault, where the server names them. */
  readonly problems: readonly ClientProblem[];

  constructor(
    kind: ClientError["kind"],
    message: string,
    options: ErrorOptions & {
      readonly code?: string | undefined;
      readonly problems?: readonly ClientProblem[];
    } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.code = options.code;
    this.problems = options.problems ?? [];
  }
}
