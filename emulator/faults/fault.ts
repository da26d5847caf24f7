/** A fault that a prompt or an admin call asks for: a name of the catalog and its parameters as texts. */
export interface FaultRequest {
  readonly name: string;
  /** `value` is the one behind the name (`cut-after-tokens=5`); the others carry their own names. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The parameter as a number, or the default when it is absent or unreadable. */
export function numberParameter(fault: FaultRequest, names: readonly string[], byDefault: number): number {
  for (const name of names) {
    const number = Number(fault.parameters[name] ?? Number.NaN);
    if (Number.isFinite(number) && number >= 0) return number;
  }
  return byDefault;
}
