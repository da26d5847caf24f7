import type { Warning } from "#core/dialects/dialect.ts";

/** Something the pairing has no place for. */
export function droppedField(field: string, why: string): Warning {
  return { code: "dropped-field", field, message: `Left out "${field}": ${why}` };
}

/** Something written as the nearest thing there is. */
export function approximatedField(field: string, how: string): Warning {
  return { code: "approximated-field", field, message: `Approximated "${field}": ${how}` };
}
