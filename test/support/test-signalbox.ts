import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseOptions } from "#adapters/postgres/open-database.ts";
import { loadSettings } from "#composition/load-settings.ts";
import type { NotificationTimes } from "#composition/notifications.ts";
import { startSignalbox } from "#composition/start-signalbox.ts";
import { usualProbePolicy, type ProbePolicy } from "#core/resilience/probe-plan.ts";
import { ok } from "#core/kernel/result.ts";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";
import { startEmulator, type Latency } from "#emulator/start-emulator.ts";
import type { LedgerRow } from "#emulator/ledger.ts";
import { databaseImage } from "./database-image.ts";
import { eventually } from "./eventually.ts";

/** A running Signalbox over a running emulator, both real, on free ports, as a rule with a database in memory. */
export interface TestSignalbox extends AsyncDisposable {
  readonly url: string;
  readonly emulatorUrl: string;
  /** What the emulator served, oldest first. */
  ledger(): readonly LedgerRow[];
  /** The newest requests of the log, as `/api/requests` shows them. */
  requests(): Promise<readonly LoggedRequest[]>;
  /** One request of the log. */
  request(id: string): Promise<LoggedRequest>;
  addFault(fault: TestFault): void;
  /** How many faults wait for a request to come. */
  faultsWaiting(): number;
  /** Posts JSON. */
  post(path: string, body: unknown, signal?: AbortSignal): Promise<Response>;
  /** Makes an API key and answers its secret. */
  createKey(name: string): Promise<string>;
  /** Waits until something holds; fails after 5 s. */
  eventually(holds: () => boolean | Promise<boolean>, msMax?: number): Promise<void>;
  close(): Promise<void>;
}

/** The fields that tests read. */
export interface LoggedRequest {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** A fault of the emulator (emulator/README.md), for any request that fits. */
export interface TestFault {
  readonly fault: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** How many requests it strikes. */
  readonly count?: number;
  readonly model?: string;
}

/** What a test may choose. */
export interface TestSignalboxOptions {
  readonly adminKey?: string;
  /** The configuration; the one below when absent. `EMULATOR` stands for the emulator's address. */
  readonly configuration?: string;
  /** How long the emulated models take; no time when absent. */
  readonly latency?: Latency;
  /** What they know; nothing when absent. */
  readonly answerKeys?: AnswerKeys;
  /** Bytes that the spool of the log may take; fewer than a configuration may say, to have it full at once. */
  readonly spoolBytesMax?: number;
  /** Environment variables beside those of the configuration below. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How often is probed; never when absent: a ledger of a slow run would have calls that no test made. */
  readonly probes?: ProbePolicy & { readonly roundMs?: number };
  /** Other times of telling what becomes of experiments than the usual ones. */
  readonly notifications?: NotificationTimes;
  /** The configuration's folder, for files that it names; the working directory when absent. */
  readonly folder?: string;
  /** One in memory when absent. */
  readonly database?: DatabaseOptions;
}

/** A Gemini provider, an OpenAI-compatible one, and a route over three Gemini variants. */
export const testConfiguration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
  argon: { provider: google, model: gemini-4-argon }
  compatible: { provider: in-house, model: qwen3-32b }
  compatible-embedding: { provider: in-house, model: text-embedding-3-small }
variants:
  chat-flash: { pool: [flash] }
  chat-lite: { pool: [lite] }
  chat-argon: { pool: [argon] }
routes:
  chat:
    strategy: { weighted: { chat-flash: 50%, chat-lite: 30%, chat-argon: 20% } }
    fallbacks: [chat-lite]
    deadlines: { first_token: 5s, idle: 5s, total: 60s }
`;

function variable(name: string): string | undefined {
  return name === "IN_HOUSE_KEY" ? "in-house-key" : undefined;
}

const noProbes: ProbePolicy = { ...usualProbePolicy, perMinuteMax: 0 };

/** Starts both. */
export async function startTestSignalbox(options: TestSignalboxOptions = {}): Promise<TestSignalbox> {
  const emulator = await startEmulator({
    latency: options.latency ?? "zero",
    ...(options.answerKeys && { answerKeys: options.answerKeys }),
  });
  const text = (options.configuration ?? testConfiguration).replaceAll("EMULATOR", emulator.url);
  const dataDirectory = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  const signalbox = await startSignalbox({
    host: "127.0.0.1",
    port: 0,
    configuration: {
      path: join(options.folder ?? "", "signalbox.yaml"),
      read: async () => text,
      load: (written) =>
        withSpool(
          loadSettings(written, (name) => options.variables?.[name] ?? variable(name)),
          options.spoolBytesMax,
        ),
      watch: false,
    },
    database: options.database ?? { kind: "memory", image: (await databaseImage()).file },
    dataDirectory,
    adminKey: options.adminKey,
    variable: (name) => options.variables?.[name],
    logLevel: "error",
    emulation: { kind: "running", url: emulator.url },
    probes: options.probes ?? noProbes,
    ...(options.notifications && { notifications: options.notifications }),
  });
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = {
      "content-type": "application/json",
      ...(options.adminKey !== undefined && { authorization: `Bearer ${options.adminKey}` }),
    };
    const response = await fetch(signalbox.url + path, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  let closing: Promise<void> | undefined;
  const closed = async (): Promise<void> => {
    await signalbox.close(1_000);
    await emulator.close();
    rmSync(dataDirectory, { recursive: true });
  };
  const close = (): Promise<void> => (closing ??= closed());
  return {
    url: signalbox.url,
    emulatorUrl: emulator.url,
    ledger: () => emulator.ledger.rows(),
    // The two shapes are what the schemas of these endpoints promise.
    requests: async () => ((await call("/api/requests")) as { requests: readonly LoggedRequest[] }).requests,
    request: async (id) => (await call(`/api/requests/${id}`)) as LoggedRequest,
    addFault({ fault, parameters = {}, count, model }) {
      emulator.faults.add({
        name: fault,
        parameters,
        ...(count !== undefined && { remaining: count }),
        ...(model !== undefined && { model }),
      });
    },
    faultsWaiting: () => emulator.faults.active().length,
    post: (path, body, signal) =>
      fetch(signalbox.url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      }),
    createKey: async (name) =>
      ((await call("/api/keys", { method: "POST", body: JSON.stringify({ name }) })) as { key: string }).key,
    eventually,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function withSpool(
  loaded: ReturnType<typeof loadSettings>,
  spoolBytesMax: number | undefined,
): ReturnType<typeof loadSettings> {
  if (!loaded.ok || spoolBytesMax === undefined) return loaded;
  const { configuration, ...apart } = loaded.value;
  return ok({ ...apart, configuration: { ...configuration, log: { ...configuration.log, spoolBytesMax } } });
}
