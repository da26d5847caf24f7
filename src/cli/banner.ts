import { spoolDirectory } from "#composition/log-writer/start-recorder.ts";
import { sizeText } from "#core/kernel/size-text.ts";
import { catalogModel } from "#features/catalog/index.ts";
import type { Configuration } from "#features/configuration/index.ts";
import type { Environment } from "#environment/environment.ts";
import type { Signalbox } from "#composition/start-signalbox.ts";

/** What a start says: where it is, what to paste, which models there are, whether they are real. */
export function banner(
  signalbox: Signalbox,
  environment: Environment,
): { readonly json: unknown; readonly lines: readonly string[] } {
  const { url, emulatorUrl } = signalbox;
  const configuration = signalbox.configuration.settings();
  const routes = [...configuration.routes.keys()];
  const models = [...configuration.deployments.keys()].filter((name) => catalogModel(name) !== undefined);
  const model = routes[0] ?? models[0] ?? "gemini-3.8-flash";
  return {
    json: { url, routes, models, emulated: emulatorUrl !== undefined, open: signalbox.open },
    lines: [
      `Signalbox listens on ${url}`,
      "",
      "Try it:",
      `  ${curl(url, { model, open: signalbox.open })}`,
      "",
      `  Every endpoint, to try      ${url}/docs`,
      `  Streams beside decisions    ${url}/playground`,
      `  What happened               ${url}/api/requests`,
      "",
      `Routes       ${routes.join(", ") || "none"}`,
      `Models       ${models.join(", ") || "none"}`,
      `Answers      ${answersText(configuration, emulatorUrl !== undefined)}`,
      `Settings     ${settingsText(signalbox.configuration)}`,
      `Data         ${environment.databaseUrl ? "Postgres (DATABASE_URL)" : environment.dataDirectory}`,
      `Log          ${logText(configuration, environment)}`,
      ...(signalbox.open
        ? ["Keys         none: open to every program on this machine (SIGNALBOX_ADMIN_KEY closes it)"]
        : []),
    ],
  };
}

function curl(url: string, { model, open }: { readonly model: string; readonly open: boolean }): string {
  const key = open ? "" : ' -H "authorization: Bearer $SIGNALBOX_KEY"';
  const body = `{"model":"${model}","messages":[{"role":"user","content":"Say hello"}]}`;
  return `curl ${url}/v1/chat/completions -H "content-type: application/json"${key} -d '${body}'`;
}

function settingsText({ file, inForce }: Signalbox["configuration"]): string {
  const { number, version, appliedBy } = inForce().version;
  const { path, state } = file.state;
  const name = `version ${number} (${version})`;
  if (state === "in-force") return `${path}, ${name}`;
  return `${name}, applied by ${appliedBy}; not ${path}, which has not changed since (signalbox apply ${path})`;
}

function logText({ log }: Configuration, { dataDirectory }: Environment): string {
  if (log.store === "none") return "not kept (log.store is none)";
  const full = log.whenFull === "refuse" ? "new requests are refused" : "requests go on without";
  return `by way of ${spoolDirectory(dataDirectory)}, at most ${sizeText(log.spoolBytesMax)}; when that is full ${full}`;
}

function answersText(configuration: Configuration, emulated: boolean): string {
  const names = [...configuration.providers.values()]
    .filter((provider) => provider.emulated)
    .map(({ name }) => name);
  if (!emulated) return "real: every provider is called";
  return `EMULATED for ${names.join(", ")}: no key is set (GEMINI_API_KEY); every such answer is marked x-signalbox-emulated`;
}
