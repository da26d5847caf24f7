import type { Cell } from "./cell.ts";
import type { DeploymentName } from "./upstream/answer-text.ts";
import { isAddressFault, type AddressFaultName } from "./upstream/fault-names.ts";
import type { FaultyUpstream } from "./upstream/faulty-upstream.ts";
import type { WireName } from "./upstream/wire.ts";

/** A deployment as a gateway has to be given it. */
export interface WiredDeployment {
  readonly name: DeploymentName;
  /** Where its paths begin. */
  readonly baseUrl: string;
  /** The model's name at the provider: that of a and b is the same, c is another model. */
  readonly model: string;
}

/** A model of the gateway and what stands behind it. */
export interface WiredModel {
  /** What clients ask for. */
  readonly name: string;
  /** Two deployments that serve it alike. */
  readonly pool: readonly WiredDeployment[];
  /** What is asked when the pool fails. */
  readonly fallback?: WiredDeployment;
}

/** Where nobody listens, is found, or speaks the protocol. */
const badAddresses: Readonly<Record<AddressFaultName, (upstream: FaultyUpstream) => string>> = {
  // Port 4 was never assigned to anything. https://www.iana.org/assignments/service-names-port-numbers, read 2026-11-25
  "connect-refused": () => "http://127.0.0.1:4",
  // A name that never resolves, and an address that never answers: RFC 6761 section 6.4, RFC 5737 section 3.
  "unknown-host": () => "http://signalbox-faults.invalid",
  unroutable: () => "http://192.0.2.1:81",
  "tls-garbage": ({ tlsGarbagePort }) => `https://127.0.0.1:${tlsGarbagePort}`,
};

const versions: Readonly<Record<WireName, string>> = { openai: "v1", gemini: "v1beta" };

/** The model that a cell asks for: `{cell}` in the template stands for the cell, so that no cell sees another's cooldowns. */
export function modelOf(cell: Cell, template: string): string {
  return template.replaceAll("{cell}", cell.id.replaceAll("/", "."));
}

/** What a gateway must be configured with to be asked the cells: each model once. */
export function wiringOf(
  cells: readonly Cell[],
  how: { readonly upstream: FaultyUpstream; readonly model: string; readonly wire: WireName },
): readonly WiredModel[] {
  const models = new Map(cells.map((cell) => [modelOf(cell, how.model), cell]));
  return [...models].map(([name, cell]) => {
    const wired = (deployment: DeploymentName): WiredDeployment => ({
      name: deployment,
      baseUrl: `${hostOf(cell, deployment, how.upstream)}/${deployment}/${versions[how.wire]}`,
      model: deployment === "c" ? "other-model" : "faulty-model",
    });
    const pool = [wired("a"), wired("b")];
    return cell.failing === "all-but-fallback" ? { name, pool, fallback: wired("c") } : { name, pool };
  });
}

function hostOf({ fault, failing }: Cell, deployment: DeploymentName, upstream: FaultyUpstream): string {
  const isBad = deployment === "a" || (deployment === "b" && failing !== "one");
  if (isBad && isAddressFault(fault)) return badAddresses[fault](upstream);
  return `http://127.0.0.1:${upstream.port}`;
}
