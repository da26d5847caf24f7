import { isAddressLiteral, isPrivateAddress } from "#core/kernel/private-address.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";

/** What is wrong with an address. */
interface BaseUrlProblem {
  readonly wanted: string;
  readonly actual: string;
}

/**
 * Checks where a provider's paths begin; gives it without a slash at the end. Private addresses and plain http are
 * refused unless the provider says `private_network: true`. Only literal addresses and localhost are judged here; what
 * a name resolves to is judged when it is called (adapters/upstream).
 */
export function readBaseUrl(text: string, privateNetwork: boolean): Result<string, BaseUrlProblem> {
  const read = readUrl(text, privateNetwork, "https://openrouter.ai/api/v1");
  if (!read.ok) return read;
  if (read.value.search !== "" || read.value.hash !== "") {
    return failed({ wanted: "a URL without ? and #", actual: "one with them (not shown)" });
  }
  return ok(read.value.href.replace(/\/+$/, ""));
}

/** Checks where messages are posted to, by the rules of `readBaseUrl`; it may have a query, and stays as it is. */
export function readWebhookUrl(text: string, privateNetwork: boolean): Result<string, BaseUrlProblem> {
  const read = readUrl(text, privateNetwork, "https://hooks.example.com/signalbox");
  return read.ok ? ok(read.value.href) : read;
}

function readUrl(text: string, privateNetwork: boolean, example: string): Result<URL, BaseUrlProblem> {
  const wanted = `an http or https URL such as ${example}`;
  if (!URL.canParse(text)) return failed({ wanted, actual: "something else" });
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return failed({ wanted, actual: `one of ${url.protocol}` });
  }
  if (url.username !== "" || url.password !== "") {
    return failed({ wanted: "a URL without user and password", actual: "one with them (not shown)" });
  }
  if (!privateNetwork && isPrivateHost(url.hostname)) {
    return failed({
      wanted: "a public address, or private_network: true",
      actual: `the private address ${url.hostname}`,
    });
  }
  if (!privateNetwork && url.protocol === "http:") {
    return failed({ wanted: "https, or private_network: true", actual: "http, which sends keys in clear" });
  }
  return ok(url);
}

/** Whether a URL's host is private by its looks: a literal private address, or localhost. */
function isPrivateHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/\.$/, "");
  if (bare === "localhost" || bare.endsWith(".localhost")) return true;
  return isAddressLiteral(bare) && isPrivateAddress(bare);
}
