import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from "yaml";
import { AppError } from "#core/kernel/app-error.ts";
import { share, shareText } from "#core/kernel/share.ts";

/** A deployment that a configuration is to have, and the share of a route that it is to take. */
export interface DeploymentEdit {
  readonly name: string;
  readonly provider: string;
  /** The model's id in the provider's words. */
  readonly model: string;
  /** The route that it takes a share of, in (0, 1], as a variant of its own name; none where it is only to be there. */
  readonly route?: { readonly name: string; readonly share: number };
}

/**
 * The text of a configuration with one more deployment, comments and order kept; spaces inside
 * of lists are the YAML library's. The shares of the route's other
 * variants are scaled to make room: each keeps its relation to the others. Says nothing of whether the text loads.
 * @throws AppError invalid-request, where the route has no strategy whose shares could be scaled
 */
export function withDeployment(text: string, edit: DeploymentEdit): string {
  const document = parseDocument(text);
  if (document.get("version") === undefined) document.set("version", 1);
  put(document, "deployments", edit.name, { provider: edit.provider, model: edit.model });
  if (edit.route) {
    put(document, "variants", edit.name, { pool: [edit.name] });
    takeShare(document, edit.name, edit.route);
  }
  // Without a bound of the lines: a long one that somebody wrote stays as it is.
  return document.toString({ lineWidth: 0 });
}

/** Puts an entry in one line at the end of a section. */
function put(document: Document.Parsed, section: string, name: string, entry: object): void {
  const entries = document.get(section);
  if (!isMap(entries)) document.set(section, document.createNode({}));
  document.setIn([section, name], document.createNode(entry, { flow: true }));
}

function takeShare(
  document: Document.Parsed,
  variant: string,
  route: { readonly name: string; readonly share: number },
): void {
  const strategy: unknown = document.getIn(["routes", route.name, "strategy"]);
  if (!isMap(strategy)) throw unscalable(route.name, "its strategy is not written there");
  const only: unknown = strategy.get("use");
  if (typeof only === "string") {
    strategy.delete("use");
    const shares = { [only]: shareText(1 - route.share), [variant]: shareText(route.share) };
    strategy.set("weighted", document.createNode(shares, { flow: true }));
    return;
  }
  const shares: unknown = strategy.get("weighted");
  if (!isMap(shares)) throw unscalable(route.name, "its strategy is another one");
  scale(shares, 1 - route.share, route.name);
  shares.set(variant, shareText(route.share));
}

/** Each share times the factor, where it is written as a share. */
function scale(shares: YAMLMap, factor: number, route: string): void {
  for (const { value } of shares.items) {
    const written = isScalar(value) ? share.safeParse(value.value) : undefined;
    if (!isScalar(value) || !written?.success)
      throw unscalable(route, "not all of its shares are written as one");
    value.value = shareText(written.data * factor);
  }
}

function unscalable(route: string, actual: string): AppError {
  return new AppError(
    "invalid-request",
    `Cannot give a share of route "${route}": a strategy \`weighted\` or \`use\` is wanted, whose shares are then scaled, ${actual}; ` +
      "leave the share out and write it into the configuration",
  );
}
