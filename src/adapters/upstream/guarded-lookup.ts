import { lookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isPrivateAddress } from "#core/kernel/private-address.ts";

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * A DNS lookup that answers public addresses only. A check of the host name alone would miss a public name that
 * resolves to a private address; here the address is checked that the connection then uses.
 */
export function guardedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const refused = addresses.find(({ address }) => isPrivateAddress(address));
    if (refused) return callback(privateAddressError(hostname), []);
    const [first] = addresses;
    if (options.all === true || !first) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
}

function privateAddressError(hostname: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(
    `Cannot connect to "${hostname}": a public address is wanted, its name resolves to a private one; set private_network: true on the provider to allow it`,
  );
  error.code = "PRIVATE_ADDRESS";
  return error;
}
