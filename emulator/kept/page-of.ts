import { invalidArgument } from "../api-failure.ts";

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

const pageSizeDefault = 50;
const pageSizeMax = 1_000;

/** The page that `pageSize` and `pageToken` ask for. Throws ApiFailure 400 for a token that is none. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Page<Item> {
  const asked = Number(query.get("pageSize") ?? "");
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, pageSizeMax) : pageSizeDefault;
  const token = query.get("pageToken") ?? "";
  if (!/^\d*$/.test(token)) throw invalidArgument("* ListRequest.page_token: page token is invalid\n");
  const start = Number(token);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextPageToken: String(end) } : {}),
  };
}
