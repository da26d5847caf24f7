import { parseArgs } from "node:util";
import type { Cell } from "./cell.ts";
import { cellDeadlines } from "./signalbox-configuration.ts";
import { wireNames, type WireName } from "./upstream/wire.ts";

/** What a run of the matrix is asked for. */
export interface FaultsOptions {
  /** Where the gateway's OpenAI paths begin; undefined starts a Signalbox of this checkout. */
  readonly baseUrl: string | undefined;
  readonly key: string | undefined;
  /** The gateway's name of the model, with `{cell}` or `{group}` in it as wiring.ts says. */
  readonly model: string;
  /** What the gateway's providers speak. */
  readonly wire: WireName;
  /** Port of the faulty upstream, and the next one for nonsense in place of TLS; 0 takes free ones. */
  readonly upstreamPort: number;
  /** The gateway's deadline for a request, ms. */
  readonly totalMs: number;
  readonly concurrency: number;
  /** Wait before each cell, ms: for a gateway that remembers failures of the one model that all cells share. */
  readonly settleMs: number;
  readonly json: boolean;
  /** Only prints what the gateway must be configured with. */
  readonly wiring: boolean;
  /** Whether a cell is asked. */
  readonly wants: (cell: Cell) => boolean;
}

/** A Signalbox of our own has a model for each cell; whoever configures a gateway by hand wants few. */
const models = { own: "faults.{cell}", other: "faults.{group}" };
const numberMax = 3_600_000;

/**
 * Reads the command line.
 * @throws Error that says what is wrong
 */
export function readOptions(commandLine: readonly string[]): FaultsOptions {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      "base-url": { type: "string" },
      key: { type: "string" },
      model: { type: "string" },
      wire: { type: "string", default: "openai" },
      "upstream-port": { type: "string", default: "0" },
      "total-ms": { type: "string", default: String(cellDeadlines.totalMs) },
      "settle-ms": { type: "string", default: "0" },
      concurrency: { type: "string" },
      only: { type: "string" },
      skip: { type: "string" },
      json: { type: "boolean", default: false },
      wiring: { type: "boolean", default: false },
    },
  });
  const model =
    values.model ?? (values["base-url"] === undefined && !values.wiring ? models.own : models.other);
  const wire = wireNames.find((name) => name === values.wire);
  if (!wire) throw new Error(`Cannot read --wire: ${wireNames.join(" or ")} is wanted, got "${values.wire}"`);
  const { only, skip } = values;
  return {
    baseUrl: values["base-url"]?.replace(/\/+$/, ""),
    key: values.key,
    model,
    wire,
    upstreamPort: numberOf("--upstream-port", values["upstream-port"]),
    totalMs: numberOf("--total-ms", values["total-ms"]),
    settleMs: numberOf("--settle-ms", values["settle-ms"]),
    concurrency: numberOf("--concurrency", values.concurrency ?? (model.includes("{cell}") ? "6" : "1")),
    json: values.json,
    wiring: values.wiring,
    wants: ({ id }) => matches(id, only, true) && !matches(id, skip, false),
  };
}

/** Whether a cell's id has a beginning or a part of its path in a list of words: `429`, `stream`, `after`, `500/whole`. */
function matches(id: string, words: string | undefined, byDefault: boolean): boolean {
  if (words === undefined) return byDefault;
  return words.split(",").some((word) => id.startsWith(word) || `/${id}/`.includes(`/${word}/`));
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= 0 && number <= numberMax) return number;
  throw new Error(`Cannot read ${option}: a whole number up to ${numberMax} is wanted, got "${text}"`);
}
