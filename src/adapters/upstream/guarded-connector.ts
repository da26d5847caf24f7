import { lookup, type LookupAddress, type LookupOptions } from "node:dns";
import { buildConnector } from "undici";
import { isAddressLiteral, isPrivateAddress } from "#core/kernel/private-address.ts";

type Connector = ReturnType<typeof buildConnector>;

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * A connector that reaches public addresses only. The check of a URL when the configuration is read would miss a public
 * name that resolves to a private address; here the address is checked that the connection then uses.
 */
export function guardedConnector(options: buildConnector.BuildOptions = {}): Connector {
  const connect = buildConnector({ ...options, lookup: guardedLookup });
  return (target, callback) => {
    // A literal address is never looked up.
    if (isAddressLiteral(target.hostname) && isPrivateAddress(target.hostname))
      callback(privateAddressError(target.hostname), null);
    else connect(target, callback);
  };
}

/** A DNS lookup that answers public addresses only. */
export function guardedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(privateAddressError(hostname), []);
    const [first] = addresses;
    if (options.all === true || !first) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
}

function privateAddressError(hostname: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(
    `Cannot connect to "${hostname}": a public address is wanted, it is or resolves to a private one; set private_network: true on the provider to allow it`,
  );
  error.code = "PRIVATE_ADDRESS";
  return error;
}
