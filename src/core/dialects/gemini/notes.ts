import type { RequestProblem, Warning } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/** Collects, while a request is written, what could not be carried: warnings, or a reason not to send it at all. */
export class Notes {
  readonly #warnings: Warning[] = [];
  #problem: RequestProblem | undefined;

  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  get problem(): RequestProblem | undefined {
    return this.#problem;
  }

  /** A field left out. `why` is a sentence without its point. */
  dropped(field: string, why: string): void {
    this.#warnings.push({ code: "dropped-field", field, message: `"${field}" was left out: ${why}` });
  }

  /** A field written as something near to it. */
  approximated(field: string, message: string): void {
    this.#warnings.push({ code: "approximated-field", field, message });
  }

  warn(warning: Warning): void {
    this.#warnings.push(warning);
  }

  /** Fields of another dialect: each is left out and named. Empty ones say nothing. */
  foreign(extra: Extra | undefined, path: string): void {
    if (!extra || extra.dialect === "gemini") return;
    for (const [name, value] of Object.entries(extra.fields)) {
      if (!isEmpty(value)) this.dropped(path === "" ? name : `${path}.${name}`, "Gemini has no such field");
    }
  }

  /** What Gemini cannot do, so that leaving it out would change the meaning. The first reason counts. */
  unsupported(field: string, why: string): void {
    this.#problem ??= {
      code: "unsupported-feature",
      message: `Cannot send "${field}" to Gemini: ${why}`,
      field,
    };
  }

  /** What no model could answer. */
  invalid(field: string, why: string): void {
    this.#problem ??= { code: "invalid-request", message: `Cannot send "${field}" to Gemini: ${why}`, field };
  }
}

function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
