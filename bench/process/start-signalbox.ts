import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import { routeName, upstreamBase } from "../overhead/workload.ts";

/** Where the request log goes. */
export const stores = ["postgres", "pglite", "none"] as const;

/** One of them. */
export type Store = (typeof stores)[number];

/** A Signalbox as its normal command starts it: keys, prices, deadlines and the log on. */
export interface MeasuredSignalbox extends AsyncDisposable {
  readonly store: Store;
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** A key of the data plane. */
  readonly key: string;
}

/** The administrator's key: the process lives as long as a run and listens on loopback. */
const adminKey = "bench-administrator";
/** Time for a clean end, ms: the log is flushed, a profile written. */
const stopMsMax = 20_000;

/** Starts one over the upstream of the bench. */
export async function startSignalbox(input: {
  readonly store: Store;
  /** The file that starts it. */
  readonly file: string;
  readonly upstreamPort: number;
  /** Address of a Postgres database; without one the embedded database is used. */
  readonly databaseUrl?: string;
  /** What Node is given beside: the profiler, as a rule. */
  readonly nodeOptions?: string;
}): Promise<MeasuredSignalbox> {
  const { store, databaseUrl, nodeOptions } = input;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(workFolder(configuration(input.upstreamPort, store)));
  const signalbox = stack.use(
    SignalboxProcess.start(
      {
        ...folder.environment,
        SIGNALBOX_ADMIN_KEY: adminKey,
        UPSTREAM_KEY: "bench-upstream",
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
        ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
      },
      input.file,
    ),
  );
  stack.defer(() => stop(signalbox));
  const url = await signalbox.url();
  const key = await createKey(url);
  const opened = stack.move();
  return {
    store,
    url,
    port: Number(new URL(url).port),
    pid: signalbox.pid,
    key,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function stop(signalbox: SignalboxProcess): Promise<void> {
  signalbox.signal("SIGTERM");
  const timer = setTimeout(() => signalbox.signal("SIGKILL"), stopMsMax);
  await signalbox.exitCode();
  clearTimeout(timer);
}

async function createKey(url: string): Promise<string> {
  const response = await fetch(`${url}/api/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "bench" }),
  });
  const body: unknown = await response.json();
  if (typeof body === "object" && body !== null && "key" in body && typeof body.key === "string")
    return body.key;
  throw new Error(`Cannot create a key for the bench: status 201 is wanted, got ${response.status}`);
}

/** JSON is YAML. Each route has one variant of one deployment: nothing is in the way that the bench could not name. */
function configuration(upstreamPort: number, store: Store): string {
  const ways = (["openai", "gemini"] as const).flatMap((dialect) =>
    [false, true].map((stream) => ({ dialect, stream, name: routeName(dialect, stream) })),
  );
  const named = (kind: string, value: (way: (typeof ways)[number]) => object): object =>
    Object.fromEntries(ways.map((way) => [way.name + kind, value(way)]));
  return JSON.stringify({
    version: 1,
    log: { store: store === "none" ? "none" : "database" },
    providers: named("", ({ dialect, stream }) => ({
      dialect: dialect === "gemini" ? "gemini" : "openai-chat",
      api_key: "${UPSTREAM_KEY}",
      base_url: `http://127.0.0.1:${upstreamPort}${upstreamBase(dialect, stream)}`,
      private_network: true,
    })),
    deployments: named("-deployment", ({ dialect, name }) => ({
      provider: name,
      model: dialect === "gemini" ? "gemini-3.8-flash" : "bench-model",
    })),
    variants: named("-variant", ({ name }) => ({ pool: [`${name}-deployment`] })),
    routes: named("", ({ name }) => ({
      strategy: { use: `${name}-variant` },
      deadlines: { first_token: "10s", idle: "20s", total: "2m" },
    })),
  });
}
