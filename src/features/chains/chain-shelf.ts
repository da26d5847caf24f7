import type { ChainDefinition, ConfiguredChain } from "#core/chains/chain-definition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { RunnableChain } from "./run/run-context.ts";

/** What the shelf asks. */
export interface ShelfPorts {
  readonly configuredRoute: (chain: string) => string | undefined;
  readonly resolves: (name: string) => boolean;
  readonly configured?: () => ReadonlyMap<string, ConfiguredChain>;
}

/** The route a chain asks when none is configured for it. */
const routeDefault = "chat";
/** Names that an error lists. */
const namesMax = 20;

/** All chains: those that come with Signalbox, and those of the configuration in force, which go before them. */
export class ChainShelf {
  readonly #ports: ShelfPorts;
  readonly #ready: ReadonlyMap<string, ChainDefinition>;

  constructor(ports: ShelfPorts, ready: readonly ChainDefinition[]) {
    this.#ports = ports;
    this.#ready = new Map(ready.map((definition) => [definition.name, definition]));
  }

  /** The definitions that are meant by the names alone, ready ones first. */
  get served(): readonly ChainDefinition[] {
    return [...this.#all().values()].flatMap(({ versions, serve }) => versions.get(serve) ?? []);
  }

  /** Versions of a chain, smallest first. */
  versionsOf(name: string): readonly number[] {
    return [...(this.#all().get(name)?.versions.keys() ?? [])].toSorted((one, other) => one - other);
  }

  /** What a chain asks where its steps name nothing. */
  routeOf({ name, modelDefault }: ChainDefinition): string {
    const { configuredRoute, resolves } = this.#ports;
    const route = this.#all().get(name)?.route ?? configuredRoute(name);
    return route ?? (resolves(routeDefault) ? routeDefault : modelDefault);
  }

  /**
   * The chain that `name` or `name@version` means.
   * @throws AppError not-found
   */
  find(wanted: string): RunnableChain {
    const all = this.#all();
    const [, name = wanted, version] = /^(.*)@(\d{1,9})$/s.exec(wanted) ?? [];
    const chain = all.get(name);
    if (!chain) throw unknownChain(name, [...all.keys()]);
    const definition = chain.versions.get(version === undefined ? chain.serve : Number(version));
    if (!definition) {
      const known = this.versionsOf(name).join(", ");
      throw new AppError(
        "not-found",
        `Cannot find chain "${name}@${version ?? ""}": it has the versions ${known}`,
      );
    }
    return { definition, route: this.routeOf(definition) };
  }

  #all(): ReadonlyMap<string, ConfiguredChain> {
    const ready = [...this.#ready].map(([name, definition]) => {
      const versions = new Map([[definition.version, definition]]);
      return [name, { route: undefined, versions, serve: definition.version }] as const;
    });
    return new Map([...ready, ...(this.#ports.configured?.() ?? [])]);
  }
}

function unknownChain(name: string, known: readonly string[]): AppError {
  const names = known.slice(0, namesMax).map((one) => `"${one}"`);
  const more = known.length > namesMax ? ` and ${known.length - namesMax} more` : "";
  return new AppError(
    "not-found",
    `Cannot find chain "${name.slice(0, 80)}": no chain has that name, only ${names.join(", ")}${more}`,
  );
}
