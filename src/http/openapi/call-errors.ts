import type { Reply } from "#http/endpoint.ts";

/** The errors that a model call can end in, written as a dialect writes them. */
export function callErrorsIn(content: NonNullable<Reply["content"]>): Readonly<Record<number, Reply>> {
  const told = (description: string): Reply => ({ description, content });
  return {
    400: told("The request is not as wanted, or asks for what no variant can do."),
    401: told("The API key is missing or wrong."),
    404: told("There is no such model or route."),
    413: told("The body is too large; at most 32 MiB."),
    429: told("A rate limit is reached; `retry-after` says when to come back."),
    502: told("Every deployment failed."),
    503: told("No deployment is available."),
    504: told("No answer within the deadline."),
  };
}
