/**
 * Addresses that are not on the public internet, where a server of ours must not be sent by a mere URL:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry, read 2026-11-25.
 */
const privateRanges: readonly Range[] = [
  "0.0.0.0/8", // this host
  "10.0.0.0/8", // RFC 1918
  "100.64.0.0/10", // carrier-grade NAT; some clouds keep their metadata service here
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local; 169.254.169.254 is the clouds' metadata service
  "172.16.0.0/12", // RFC 1918
  "192.0.0.0/24", // IETF assignments
  "192.0.2.0/24", // documentation
  "192.168.0.0/16", // RFC 1918
  "198.18.0.0/15", // benchmarking
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
  "::/128", // unspecified
  "::1/128", // loopback
  "100::/64", // discard
  "2001:db8::/32", // documentation
  "fc00::/7", // unique local
  "fe80::/10", // link-local
  "fec0::/10", // site-local (deprecated)
  "ff00::/8", // multicast
].map(rangeOf);

/** IPv6 blocks that stand for an IPv4 address, and how many bits follow it; that address decides. */
const embeddings: readonly { readonly range: Range; readonly bitsAfter: bigint }[] = [
  { range: rangeOf("::ffff:0:0/96"), bitsAfter: 0n }, // mapped, RFC 4291
  { range: rangeOf("64:ff9b::/96"), bitsAfter: 0n }, // NAT64, RFC 6052
  { range: rangeOf("2002::/16"), bitsAfter: 80n }, // 6to4, RFC 3056
];

/** An address as a number, with its length in bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

interface Range extends Address {
  /** Bits at the end that differ within the range. */
  readonly hostBits: bigint;
}

/**
 * Whether an IP address is private: loopback, RFC 1918, link-local (with the clouds' metadata service), unique local,
 * or otherwise not public. IPv4 addresses inside IPv6 ones (mapped, NAT64, 6to4) are looked at too.
 * Takes a literal address, IPv6 with or without brackets or a zone. What is no IP address counts as private, so that
 * an unknown form is refused.
 */
export function isPrivateAddress(text: string): boolean {
  const address = parseAddress(text);
  if (!address) return true;
  const embedded = embeddings.find(({ range }) => isWithin(address, range));
  const deciding: Address = embedded
    ? { bits: 32, value: BigInt.asUintN(32, address.value >> embedded.bitsAfter) }
    : address;
  return privateRanges.some((range) => isWithin(deciding, range));
}

/** Whether a host of a URL is a literal IP address, IPv6 in brackets. */
export function isAddressLiteral(host: string): boolean {
  return parseAddress(host) !== undefined;
}

function isWithin(address: Address, range: Range): boolean {
  return address.bits === range.bits && address.value >> range.hostBits === range.value >> range.hostBits;
}

function rangeOf(text: string): Range {
  const [network = "", prefix = ""] = text.split("/");
  const address = parseAddress(network);
  if (!address) throw new Error(`Broken invariant: "${text}" is a range of addresses`);
  return { ...address, hostBits: BigInt(address.bits - Number(prefix)) };
}

function parseAddress(text: string): Address | undefined {
  const literal = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  return literal.includes(":") ? parseIpv6(literal) : parseIpv4(literal);
}

function parseIpv4(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return { bits: 32, value: parts.reduce((value, part) => value * 256n + BigInt(part), 0n) };
}

/** The URL parser knows every way to write an IPv6 address, and gives hexadecimal groups with at most one `::`. */
function parseIpv6(text: string): Address | undefined {
  const url = `http://[${text}]`;
  if (!URL.canParse(url)) return undefined;
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => 0n);
  const groups = [...before, ...zeros, ...after];
  return { bits: 128, value: groups.reduce((value, group) => value * 65_536n + group, 0n) };
}

function groupsOf(text: string): readonly bigint[] {
  return text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
}
