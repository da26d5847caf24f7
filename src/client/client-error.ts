/** A call to a running Signalbox that did not succeed. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  /** `unreachable`: nothing answers. `refused`: the call is at fault. `failed`: the server is. */
  readonly kind: "unreachable" | "refused" | "failed";

  constructor(kind: ClientError["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
