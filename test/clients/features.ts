/** How an answer comes. */
export type Way = "whole" | "streamed";

/** Something that clients can do, and the facts of the suites that show it. */
interface Showing {
  readonly feature: string;
  readonly way: Way;
  /** Fits the full names of the facts. */
  readonly facts: RegExp;
}

/** One fact may show several features. Those that show none count as further facts. */
const showings: readonly Showing[] = [
  { feature: "text", way: "whole", facts: /gets a whole answer|come whole/ },
  { feature: "text", way: "streamed", facts: /gets a stream|come as a stream|put together from a stream/ },
  { feature: "usage", way: "whole", facts: /whole.* with usage/ },
  { feature: "usage", way: "streamed", facts: /gets usage in the last chunk|gets a stream.* with usage/ },
  {
    feature: "tools, forced too",
    way: "whole",
    facts: /calls? a (forced )?tool(?!.*stream: true)/,
  },
  {
    feature: "tools, forced too",
    way: "streamed",
    facts: /gets a tool call as a stream|forced tool.*stream: true/,
  },
  { feature: "several calls at once", way: "whole", facts: /several (calls|tools)(?!.*stream: true)/ },
  { feature: "several calls at once", way: "streamed", facts: /several (calls|tools).*stream: true/ },
  {
    feature: "structured output",
    way: "whole",
    facts: /gets structured output|have the structure(?!.*stream: true)/,
  },
  { feature: "structured output", way: "streamed", facts: /have the structure.*stream: true/ },
  { feature: "images", way: "whole", facts: /sends an image|see an image/ },
  { feature: "embeddings", way: "whole", facts: /embeddings/ },
  { feature: "abort", way: "streamed", facts: /aborts$/ },
  {
    feature: "errors",
    way: "whole",
    facts:
      /is NotFoundError|is RateLimitError|is AuthenticationError|is an ApiError|gets an error for|gets errors with|that the client may try again/,
  },
  { feature: "errors", way: "streamed", facts: /breaks off|error in the middle of a stream/ },
  { feature: "agents", way: "whole", facts: /an agent of tools/ },
  { feature: "by the environment alone", way: "whole", facts: /two environment variables/ },
];

/** Every feature, in the order in which they are shown. */
export const features: readonly string[] = [...new Set(showings.map(({ feature }) => feature))];

/** What a fact shows. */
export function shownBy(fullName: string): readonly { readonly feature: string; readonly way: Way }[] {
  return showings.filter(({ facts }) => facts.test(fullName)).map(({ feature, way }) => ({ feature, way }));
}
