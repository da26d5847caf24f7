import { createHash } from "node:crypto";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { DataItem } from "#core/evaluations/data-item.ts";

/**
 * SHA-256 over items in their order, each as a line of canonical JSON: runs on the same items have the same digest, whatever
 * file and format these came from.
 */
export class DataSetDigest {
  readonly #hash = createHash("sha256");

  add(item: DataItem): void {
    this.#hash.update(`${canonicalJson(item)}\n`);
  }

  /** In hexadecimal, of what was added so far. */
  hex(): string {
    return this.#hash.copy().digest("hex");
  }
}
