import { placeOf } from "#core/dialects/placed-name.ts";
import {
  resourceMethods,
  type ResourceAction,
  type ResourceCall,
  type ResourceKind,
} from "#core/dialects/resources.ts";

/** What a path about something that a provider keeps can mean: one call for each method it takes. */
export type ResourceCalls = readonly ResourceCall[];

const collections: ReadonlyMap<string, ResourceKind> = new Map([
  ["cachedContents", "cached-content"],
  ["batches", "batch"],
  ["interactions", "interaction"],
]);

/** What can be done with a collection, and with one of its things. Batches are created at their model. */
const actions: Readonly<
  Record<ResourceKind, { readonly all: readonly ResourceAction[]; readonly one: readonly ResourceAction[] }>
> = {
  "cached-content": { all: ["create", "list"], one: ["get", "update", "delete"] },
  batch: { all: ["list"], one: ["get", "delete"] },
  interaction: { all: ["create"], one: ["get", "delete"] },
};

/** Query parameters that pass: not the key, nor what Google takes for a credential or another form of answer. */
const passedParameters = [
  "pageSize",
  "pageToken",
  "filter",
  "returnPartialSuccess",
  "updateMask",
  "update_mask",
  "stream",
  "last_event_id",
  "include_input",
];

/**
 * Reads a path of the Gemini API behind its version: `cachedContents/abc`, `batches/abc:cancel`, `interactions/abc/cancel`.
 * Undefined where it is about none of these.
 */
export function resourceCalls(path: string, query: URLSearchParams): ResourceCalls | undefined {
  const [, collection = "", id, suffix] = /^(\w+)(?:\/([^/:]+)(:cancel|\/cancel)?)?$/.exec(path) ?? [];
  const kind = collections.get(collection);
  if (!kind) return undefined;
  const known = { kind, query: queryOf(query) };
  if (id === undefined) return actions[kind].all.map((action) => ({ ...known, action }));
  const one = { ...known, id: decoded(id) };
  // A segment of dots would be another path at the provider.
  if (/^\.*$/.test(placeOf(one.id).id)) return undefined;
  if (suffix === undefined) return actions[kind].one.map((action) => ({ ...one, action }));
  const isCancel =
    (kind === "batch" && suffix === ":cancel") || (kind === "interaction" && suffix === "/cancel");
  return isCancel ? [{ ...one, action: "cancel" }] : undefined;
}

/** The call that creates a batch, at its model. */
export function batchCreation(model: string, query: URLSearchParams): ResourceCalls {
  return [{ kind: "batch", action: "create", model, query: queryOf(query) }];
}

/** The methods that a path takes. */
export function methodsOfCalls(calls: ResourceCalls): readonly string[] {
  return calls.map(({ action }) => resourceMethods[action]);
}

/** The call that a method asks for; undefined where the path does not take it. */
export function callOf(calls: ResourceCalls, method: string | undefined): ResourceCall | undefined {
  return calls.find(({ action }) => resourceMethods[action] === method);
}

function queryOf(query: URLSearchParams): string {
  return new URLSearchParams([...query].filter(([name]) => passedParameters.includes(name))).toString();
}

/** A percent sign that encodes nothing is taken as it is: the name is then simply unknown. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
