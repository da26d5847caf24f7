/**
 * The address of an operation. An origin alone gets the dialect's version in front; an address with a path is taken to end
 * in it already, or to be the whole address where it ends in the operation.
 */
export function extendedUrl(
  base: string,
  { version, rest }: { readonly version: string; readonly rest: string },
): string {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, "");
  const [operation = "", query = ""] = rest.split("?");
  if (!path.endsWith(operation)) url.pathname = `${path === "" ? version : path}${operation}`;
  if (query !== "") url.search = query;
  return url.href;
}
