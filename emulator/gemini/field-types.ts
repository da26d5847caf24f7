/** The type of a field of an API message, as far as JSON checking needs it. */
export type FieldType =
  | { readonly kind: "string" | "bool" | "int32" | "int64" | "float" | "bytes" | "struct" | "value" }
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "message"; readonly fields: () => MessageFields }
  | { readonly kind: "list"; readonly of: FieldType }
  | { readonly kind: "map"; readonly of: FieldType };

/** A message: its fields by camelCase name. */
export type MessageFields = Readonly<Record<string, FieldType>>;

export const text: FieldType = { kind: "string" };
export const bool: FieldType = { kind: "bool" };
export const int32: FieldType = { kind: "int32" };
export const int64: FieldType = { kind: "int64" };
export const float: FieldType = { kind: "float" };
export const bytes: FieldType = { kind: "bytes" };
/** Any JSON object. */
export const struct: FieldType = { kind: "struct" };
/** Any JSON value. */
export const anyValue: FieldType = { kind: "value" };

/** A repeated field. */
export const listOf = (of: FieldType): FieldType => ({ kind: "list", of });
/** A map from strings. */
export const mapOf = (of: FieldType): FieldType => ({ kind: "map", of });
/** A message with these fields. */
export const message = (fields: MessageFields): FieldType => ({ kind: "message", fields: () => fields });
/** A message whose fields refer back to itself. */
export const recursive = (fields: () => MessageFields): FieldType => ({ kind: "message", fields });
/** An enum of the API, by its proto name. */
export const oneOf = (name: string, ...values: readonly string[]): FieldType => ({
  kind: "enum",
  name,
  values,
});
