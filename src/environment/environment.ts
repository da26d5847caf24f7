import { failed, ok, type Result } from "#core/kernel/result.ts";
import { Secret } from "#core/kernel/secret.ts";

/** What the process environment says, typed and with its defaults. */
export interface Environment {
  /** Address to listen on: `SIGNALBOX_HOST`, default 127.0.0.1 (this machine only). */
  readonly host: string;
  /** TCP port to listen on, 0 to 65535: `SIGNALBOX_PORT`, default 8080; 0 takes any free one. */
  readonly port: number;
  /** Path of the configuration: `SIGNALBOX_CONFIG`; undefined is `signalbox.yaml` in the working directory. */
  readonly configurationFile: string | undefined;
  /** Folder of the embedded database and the spool: `SIGNALBOX_DATA_DIR`, default `.signalbox`. */
  readonly dataDirectory: string;
  /** Key of the control plane: `SIGNALBOX_ADMIN_KEY`, at least 16 characters. */
  readonly adminKey: Secret | undefined;
  /** Postgres to use instead of the embedded database: `DATABASE_URL`. Secret, since it holds a password. */
  readonly databaseUrl: Secret | undefined;
  /** Redis or Valkey: `REDIS_URL`. Secret, since it may hold a password. */
  readonly redisUrl: Secret | undefined;
  /** Where commands find a running Signalbox: `SIGNALBOX_URL`, default `http://127.0.0.1:<port>`; no slash at the end. */
  readonly serverUrl: string;
  /** The key commands send: `SIGNALBOX_KEY`; the admin key when it is absent. */
  readonly apiKey: Secret | undefined;
  /** How much is logged: `SIGNALBOX_LOG_LEVEL`, default `info`. */
  readonly logLevel: (typeof logLevels)[number];
  /** What `${NAME}` in signalbox.yaml stands for; an empty variable counts as absent. */
  readonly variable: (name: string) => string | undefined;
}

/** How much can be logged, least first. */
export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;

/** One wrong variable. The text never holds the value of a secret one. */
export interface EnvironmentProblem {
  readonly variable: string;
  /** `Cannot read environment variable "X": wanted ..., got ...`. */
  readonly message: string;
}

/** Shortest admin key that is accepted, characters. */
const adminKeyLengthMin = 16;

/** The raw environment, as `process.env` has it. */
export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Reads the environment; all wrong variables are named at once. `main.ts` passes `process.env`, nothing else reads it. */
export function readEnvironment(raw: RawEnvironment): Result<Environment, readonly EnvironmentProblem[]> {
  const variable = (name: string): string | undefined => raw[name]?.trim() || undefined;
  const problems: EnvironmentProblem[] = [];
  const check = <Value>(name: string, read: Result<Value, string>, fallback: Value): Value => {
    if (read.ok) return read.value;
    problems.push({
      variable: name,
      message: `Cannot read environment variable "${name}": ${read.error}`,
    });
    return fallback;
  };
  const environment: Environment = {
    host: check("SIGNALBOX_HOST", readHost(variable("SIGNALBOX_HOST")), ""),
    port: check("SIGNALBOX_PORT", readPort(variable("SIGNALBOX_PORT")), 0),
    configurationFile: variable("SIGNALBOX_CONFIG"),
    dataDirectory: variable("SIGNALBOX_DATA_DIR") ?? ".signalbox",
    adminKey: check("SIGNALBOX_ADMIN_KEY", readAdminKey(variable("SIGNALBOX_ADMIN_KEY")), undefined),
    databaseUrl: check(
      "DATABASE_URL",
      readUrl(variable("DATABASE_URL"), ["postgres:", "postgresql:"]),
      undefined,
    ),
    redisUrl: check("REDIS_URL", readUrl(variable("REDIS_URL"), ["redis:", "rediss:"]), undefined),
    serverUrl: check(
      "SIGNALBOX_URL",
      readServerUrl(variable("SIGNALBOX_URL"), variable("SIGNALBOX_PORT")),
      "",
    ),
    apiKey: secretOf(variable("SIGNALBOX_KEY") ?? variable("SIGNALBOX_ADMIN_KEY")),
    logLevel: check("SIGNALBOX_LOG_LEVEL", readLogLevel(variable("SIGNALBOX_LOG_LEVEL")), "info"),
    variable,
  };
  return problems.length > 0 ? failed(problems) : ok(environment);
}

function readHost(text: string | undefined): Result<string, string> {
  if (text === undefined) return ok("127.0.0.1");
  if (/^[A-Za-z0-9.:_-]+$/.test(text)) return ok(text);
  return failed(`wanted an address such as 127.0.0.1 or ::1, got "${text}"`);
}

function readPort(text: string | undefined): Result<number, string> {
  if (text === undefined) return ok(8080);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return ok(port);
  return failed(`wanted a whole number from 0 to 65535, got "${text}"`);
}

function readAdminKey(text: string | undefined): Result<Secret | undefined, string> {
  if (text === undefined) return ok(undefined);
  if (text.length >= adminKeyLengthMin) return ok(new Secret(text));
  return failed(`wanted at least ${adminKeyLengthMin} characters, got ${text.length}`);
}

function readUrl(text: string | undefined, protocols: readonly string[]): Result<Secret | undefined, string> {
  if (text === undefined) return ok(undefined);
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return ok(new Secret(text));
  return failed(`wanted a URL that begins with ${protocols[0]}//, got something else (not shown)`);
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

function readServerUrl(text: string | undefined, port = "8080"): Result<string, string> {
  if (text === undefined) return ok(`http://127.0.0.1:${port}`);
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return ok(text.replace(/\/+$/, ""));
  return failed(`wanted a URL such as http://127.0.0.1:8080, got "${text}"`);
}

function readLogLevel(text: string | undefined): Result<Environment["logLevel"], string> {
  if (text === undefined) return ok("info");
  const level = logLevels.find((known) => known === text);
  return level ? ok(level) : failed(`wanted one of ${logLevels.join(", ")}, got "${text}"`);
}
