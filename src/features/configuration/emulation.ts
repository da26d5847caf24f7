import { isAddressLiteral } from "#core/kernel/private-address.ts";
import type { Configuration } from "./configuration.ts";

/** Whether a server that listens on this host is reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (bare === "localhost") return true;
  return bare === "::1" || (bare.startsWith("127.") && isAddressLiteral(bare));
}

/**
 * Why Signalbox must not start: an emulated provider while it listens beyond this machine (an emulated answer must
 * never be mistaken for a real one); undefined when it may.
 * @param host the address to listen on
 */
export function emulationProblem(configuration: Configuration, host: string): string | undefined {
  const emulated = [...configuration.providers.values()].filter((provider) => provider.emulated);
  if (emulated.length === 0 || isLoopbackHost(host)) return undefined;
  const names = emulated.map(({ name }) => `"${name}"`).join(", ");
  return `Cannot emulate provider ${names}: wanted to listen on a loopback address such as 127.0.0.1, or a key for it, got the address ${host}`;
}
