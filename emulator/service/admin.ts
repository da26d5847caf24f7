import { faultCatalog } from "../faults/catalog.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { LedgerFilter } from "../ledger.ts";
import type { Endpoint } from "./endpoint.ts";
import type { World } from "./world.ts";

/** An answer of the admin calls, always JSON. */
export interface AdminReply {
  readonly status: number;
  readonly body: Json;
}

/** Answers /emulator/faults, /emulator/ledger, /emulator/quota and /emulator/versions. No key is needed: the emulator is on loopback. */
export function serveAdmin(
  { resource }: Extract<Endpoint, { kind: "admin" }>,
  request: { readonly method: string; readonly url: URL; readonly body: string },
  world: World,
): AdminReply {
  switch (`${request.method} ${resource}`) {
    case "GET faults":
      return { status: 200, body: { active: activeFaults(world), catalog: faultTable() } };
    case "POST faults":
      return addFault(request.body, world);
    case "DELETE faults":
      world.faults.clear();
      return { status: 200, body: { active: [] } };
    case "GET ledger":
      return readLedger(request.url, world);
    case "DELETE ledger":
      world.ledger.clear();
      return { status: 200, body: { rows: [] } };
    case "DELETE quota":
      world.quota?.clear();
      return { status: 200, body: {} };
    case "GET versions":
      return { status: 200, body: { versions: world.versions.all() } };
    case "POST versions":
      return reportVersion(request.body, world);
    case "DELETE versions":
      world.versions.clear();
      return { status: 200, body: { versions: {} } };
    default:
      return { status: 405, body: { error: { message: `Cannot ${request.method} ${resource}` } } };
  }
}

function faultTable(): Json {
  return faultCatalog.map(({ name, parameters, description }) => ({ name, parameters, description }));
}

function activeFaults(world: World): Json {
  return world.faults.active().map((fault) => ({ ...fault }));
}

/** {fault, model?, count?, probability?, ...parameters of the fault}. */
function addFault(body: string, world: World): AdminReply {
  const fields = parsedObject(body);
  if (fields === undefined || typeof fields["fault"] !== "string")
    return badRequest("The body must be a JSON object with a text `fault`");
  const { fault, model, count, probability, ...parameters } = fields;
  if (model !== undefined && typeof model !== "string") return badRequest("`model` must be a text");
  if (count !== undefined && !(typeof count === "number" && Number.isInteger(count) && count > 0))
    return badRequest("`count` must be a whole number above 0");
  if (
    probability !== undefined &&
    !(typeof probability === "number" && probability >= 0 && probability <= 1)
  ) {
    return badRequest("`probability` must be a number from 0 to 1");
  }
  return createdUnlessRefused(() => ({
    ...world.faults.add({
      name: fault,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, value]) => [key, parameterText(value)]),
      ),
      ...(model === undefined ? {} : { model }),
      ...(count === undefined ? {} : { remaining: count }),
      ...(probability === undefined ? {} : { probability }),
    }),
  }));
}

/** {model, version}: what the model calls itself from now on. */
function reportVersion(body: string, world: World): AdminReply {
  const { model, version } = parsedObject(body) ?? {};
  if (typeof model !== "string" || typeof version !== "string")
    return badRequest("The body must be a JSON object with the texts `model` and `version`");
  return createdUnlessRefused(() => {
    world.versions.report(model, version);
    return { versions: world.versions.all() };
  });
}

function createdUnlessRefused(create: () => JsonObject): AdminReply {
  try {
    return { status: 201, body: create() };
  } catch (error) {
    if (error instanceof RangeError) return badRequest(error.message);
    throw error;
  }
}

function parameterText(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function parsedObject(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Told to the caller as a bad request.
    return undefined;
  }
}

function badRequest(message: string): AdminReply {
  return { status: 400, body: { error: { message } } };
}

const filterNames = ["model", "outcome", "dialect", "fault", "keyHash", "responseId", "status"] as const;

function readLedger(url: URL, world: World): AdminReply {
  const dropped = world.ledger.droppedCount();
  if (url.searchParams.get("summary") === "1") {
    // The summary is plain data: objects of numbers.
    return { status: 200, body: { summary: world.ledger.summary() as unknown as JsonObject, dropped } };
  }
  const filter = Object.fromEntries(
    filterNames.map((name) => [name, url.searchParams.get(name)]).filter(([, value]) => value !== null),
  );
  // Values are compared as texts, so a status given as text is fine.
  const rows = world.ledger.rows(filter as LedgerFilter);
  const limit = Number(url.searchParams.get("limit") ?? rows.length);
  return {
    status: 200,
    body: { rows: rows.slice(-limit || rows.length).map((row) => ({ ...row })), dropped },
  };
}
