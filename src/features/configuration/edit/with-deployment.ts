import { present } from "#core/kernel/present.ts";
import { begun, withEntryIn } from "./with-entry.ts";
import { withShare } from "./with-share.ts";
import { entryText } from "./yaml-place.ts";

/** A deployment that a configuration is to have, and the share of a route that it is to take. */
export interface DeploymentEdit {
  readonly name: string;
  readonly provider: string;
  /** The model's id in the provider's words. */
  readonly model: string;
  /** What the model does, where the catalog does not know it. */
  readonly operations?: readonly ("chat" | "embeddings")[];
  /** What it costs, as it is written: dollars for a million tokens. */
  readonly price?: {
    readonly input: string;
    readonly output: string;
    readonly cached_input?: string | undefined;
  };
  /** The route that it takes a share of, in (0, 1], as a variant of its own name; none where it is only to be there. */
  readonly route?: { readonly name: string; readonly share: number };
}

/**
 * The text of a configuration with one more deployment: lines are added, the shares of the route are written anew, and
 * nothing else changes. The shares of the route's other variants are scaled to make room: each keeps its relation to the
 * others. Says nothing of whether the text loads.
 * @throws AppError invalid-request, where the route has no strategy whose shares could be scaled, or a section is written
 * in a way that nothing can be added to
 */
export function withDeployment(text: string, edit: DeploymentEdit): string {
  const { name, provider, model, operations, price, route } = edit;
  const entry = {
    provider,
    model,
    ...(operations && { capabilities: { operations } }),
    ...(price && { price: present(price) }),
  };
  const withEntry = withEntryIn(begun(text), "deployments", entryText(name, entry));
  if (!route) return withEntry;
  const withVariant = withEntryIn(withEntry, "variants", entryText(name, { pool: [name] }));
  return withShare(withVariant, { variant: name, route: route.name, share: route.share });
}
