import { fileURLToPath } from "node:url";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import { Loader } from "../load/loader.ts";
import { builtPackage, startFile } from "../process/built-package.ts";
import { startProcess } from "../process/start-process.ts";
import { startSignalbox, type MeasuredSignalbox, type Store } from "../process/start-signalbox.ts";
import type { Target } from "./workload.ts";

/** Everything that a run measures, each in a process of its own. */
export interface BenchWorld extends AsyncDisposable {
  readonly direct: Target;
  readonly bare: Target & { readonly pid: number };
  readonly loader: Loader;
  /** A second load, for what disturbs the first. */
  readonly disturber: Loader;
  /** Starts a Signalbox: ours, or that of another checkout. It ends with the world at the latest. */
  signalbox(store: Store, checkout?: string): Promise<MeasuredSignalbox>;
}

/** Starts the upstream, the bare proxy, the load processes and, for the stores that need one, a Postgres server. */
export async function startBenchWorld(options: { readonly nodeOptions?: string } = {}): Promise<BenchWorld> {
  await using stack = new AsyncDisposableStack();
  const file = await builtPackage();
  const upstream = stack.use(await startProcess(script("../upstream/upstream-process.ts")));
  const bare = stack.use(await startProcess(script("../bare/bare-process.ts"), [String(upstream.port)]));
  const loader = stack.use(await Loader.start());
  const disturber = stack.use(await Loader.start());
  const postgres = stack.use(await startPostgresServer());
  let databases = 0;
  const opened = stack.move();
  return {
    direct: { name: "direct", kind: "yardstick", port: upstream.port, key: "any" },
    bare: { name: "bare", kind: "yardstick", port: bare.port, pid: bare.pid, key: "any" },
    loader,
    disturber,
    async signalbox(store, checkout) {
      databases += 1;
      const started = await startSignalbox({
        store,
        file: checkout === undefined ? file : startFile(checkout),
        upstreamPort: upstream.port,
        // Keys need a database also where the log has none.
        ...(store !== "pglite" && { databaseUrl: await postgres.createDatabase(`bench_${databases}`) }),
        ...options,
      });
      return opened.use(started);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** A Signalbox as a target, named by its store. */
export function targetOf({ store, port, pid, key }: MeasuredSignalbox): Target & { readonly pid: number } {
  return { name: store, kind: "signalbox", port, pid, key };
}

function script(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
