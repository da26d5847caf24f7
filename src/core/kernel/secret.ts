/** What Node calls to print an object: a registered symbol, so that core needs no import. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

const redacted = "[secret]";

/**
 * A value that must not be seen: an API key, a password, a connection string. Printed in any way it is `[secret]`;
 * only `reveal()` gives it, at the one place that sends it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Never pass it to a log or an error. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect](): string {
    return redacted;
  }
}
