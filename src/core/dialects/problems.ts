import type { RequestProblem } from "#core/dialects/dialect.ts";

/**
 * Collects what is wrong with a message while it is read. Reading goes on after a problem with harmless defaults, so
 * that readers stay straight; only the first problem is told.
 */
export class Problems {
  #first: RequestProblem | undefined;

  get first(): RequestProblem | undefined {
    return this.#first;
  }

  /** A field with a wrong value. `wanted` and `actual` are phrases: "a string", "a number". */
  invalid(field: string, wanted: string, actual: string): void {
    this.#first ??= {
      code: "invalid-request",
      message: `Cannot read "${field}": wanted ${wanted}, got ${actual}`,
      field,
    };
  }

  /** A field that Signalbox cannot serve. */
  unsupported(field: string, why: string): void {
    this.#first ??= { code: "unsupported-feature", message: `Cannot serve "${field}": ${why}`, field };
  }
}
