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

/**
 * The model that a cell asks for. In the template `{cell}` stands for the cell, so that no cell sees what the gateway
 * remembers of another, and `{group}` for all cells that need the same deployments.
 */
export function modelOf(cell: Cell, template: string): string {
  return template.replaceAll("{cell}", cell.id.replaceAll("/", ".")).replaceAll("{group}", groupOf(cell));
}

function groupOf({ fault, failing }: Cell): string {
  if (isAddressFault(fault)) return `${fault}.${failing}`;
  return failing === "all-but-fallback" ? "fallback" : "pool";
}

/**
 * What a gateway must be configured with to be asked the cells: each model once.
 * @throws Error where cells that need different deployments would ask for one model
 */
export function wiringOf(
  cells: readonly Cell[],
  how: { readonly upstream: FaultyUpstream; readonly model: string; readonly wire: WireName },
): readonly WiredModel[] {
  const byModel = Map.groupBy(cells, (cell) => modelOf(cell, how.model));
  return [...byModel].map(([name, [cell, ...others]]) => {
    const other = others.find((one) => cell && groupOf(one) !== groupOf(cell));
    if (!cell || other)
      throw new Error(
        `Cannot wire model "${name}": {group} or {cell} is wanted in its name, cells of several groups ask for it`,
      );
    return wiredModel(name, cell, how);
  });
}

function wiredModel(
  name: string,
  cell: Cell,
  { upstream, wire }: { readonly upstream: FaultyUpstream; readonly wire: WireName },
): WiredModel {
  const wired = (deployment: DeploymentName): WiredDeployment => ({
    name: deployment,
    baseUrl: `${hostOf(cell, deployment, upstream)}/${deployment}/${versions[wire]}`,
    model: deployment === "c" ? "other-model" : "faulty-model",
  });
  const pool = [wired("a"), wired("b")];
  return cell.failing === "all-but-fallback" ? { name, pool, fallback: wired("c") } : { name, pool };
}

function hostOf({ fault, failing }: Cell, deployment: DeploymentName, upstream: FaultyUpstream): string {
  const isBad = deployment === "a" || (deployment === "b" && failing !== "one");
  if (isBad && isAddressFault(fault)) return badAddresses[fault](upstream);
  return `http://127.0.0.1:${upstream.port}`;
}
