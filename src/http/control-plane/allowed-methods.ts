import type { Endpoint } from "#http/endpoint.ts";

/** The methods that a path answers to; none when there is no such path. */
export function allowedMethods(endpoints: readonly Endpoint[], path: string): readonly string[] {
  const methods = endpoints.filter((endpoint) => matches(endpoint.path, path)).map(({ method }) => method);
  return [...new Set(methods)];
}

function matches(template: string, path: string): boolean {
  const wanted = template.split("/");
  const actual = path.replace(/\/$/, "").split("/");
  return (
    wanted.length === actual.length &&
    wanted.every((segment, index) =>
      segment.startsWith("{") ? actual[index] !== "" : segment === actual[index],
    )
  );
}
