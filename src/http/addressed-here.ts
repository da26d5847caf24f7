import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "#features/access/index.ts";

/**
 * Why a request to a gateway that needs no key is not meant for it, in words; `undefined` when it is.
 *
 * Such a gateway trusts whoever reaches this machine, and any page in a browser here can: under a name of its own that
 * resolves to 127.0.0.1 (DNS rebinding; `host` tells), or by a plain form post (`origin` tells). Both headers are out
 * of a page's hands.
 * @param listenHost the address that is listened on
 */
export function foreignness(
  { host, origin }: Pick<IncomingHttpHeaders, "host" | "origin">,
  listenHost: string,
): string | undefined {
  if (host !== undefined && !isOwnHost(`http://${host}`, listenHost))
    return "a host of this machine (localhost, 127.0.0.1, [::1]) is wanted, the request is addressed to another name";
  if (origin !== undefined && !isOwnHost(origin, listenHost))
    return "a page from this machine is wanted, the request comes from another site";
  return undefined;
}

/** Names that were found to be this machine's: nearly all requests come by one of a few. */
const ownHosts = new Set<string>();
const ownHostsMax = 16;

function isOwnHost(url: string, listenHost: string): boolean {
  const key = `${listenHost} ${url}`;
  if (ownHosts.has(key)) return true;
  const isOwn = namesThisMachine(url, listenHost);
  if (isOwn && ownHosts.size < ownHostsMax) ownHosts.add(key);
  return isOwn;
}

function namesThisMachine(url: string, listenHost: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/\.$/, "");
  return isLoopback(host) || host.endsWith(".localhost") || host === listenHost.toLowerCase();
}
