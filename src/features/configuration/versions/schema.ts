import { z } from "zod";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";
import type { ConfigurationChange } from "../plan/change.ts";
import type { FileState } from "./configuration-file.ts";
import { versionSources, type ConfigurationVersion } from "./configuration-version.ts";
import type { InForce } from "./in-force.ts";
import type { Applied, ConfigurationPlan, RefusedVersion } from "./service.ts";
import type { VersionSummary } from "./store.ts";

/** Longest comment, characters. */
const commentLengthMax = 1_000;
/** Longest text that is read as JSON; the bound of 1 MiB of UTF-8 is the loader's, which says so better. */
const textLengthMax = 4 * 1_048_576;
/** Versions on a page of the history, when the caller does not say, and at most. */
const pageDefault = 20;
const pageMax = 100;

const exampleHash = "3f9a1c7b0d2e";
const exampleText = "version: 1\nroutes:\n  support:\n    strategy: { use: support-flash }\n";
const instant = z.iso.datetime({ offset: true });

const text = z
  .string()
  .max(textLengthMax)
  .refine(isStorableText, `must be ${storableText}`)
  .meta({
    description: "The whole of signalbox.yaml; at most 1 MiB. Keys stand in it as `${VARIABLES}` only.",
    examples: [exampleText],
  });

const base = z
  .string()
  .regex(/^([1-9]\d{0,10}|[0-9a-f]{12})$/, "must be a version's number or hash")
  .optional()
  .meta({
    description:
      "The version that this was planned on, by number or hash (`base` of a plan). When another one is the newest by now, nothing is applied and the answer is 409. Without it whatever is in force is replaced.",
    examples: ["7", exampleHash],
  });

const comment = z
  .string()
  .trim()
  .max(commentLengthMax)
  .refine(isStorableText, `must be ${storableText}`)
  .optional()
  .meta({
    description: `Why, in the words of whoever applies it; at most ${commentLengthMax} characters.`,
    examples: ["more traffic to the cheaper model"],
  });

/** Body of `POST /api/configuration/plan`. */
export const planBody = z
  .strictObject({ text })
  .meta({ id: "PlanConfiguration", description: "A configuration to be planned." });

/** Body of `POST /api/configuration/apply`. */
export const applyBody = z
  .strictObject({ text, base, comment })
  .meta({ id: "ApplyConfiguration", description: "A configuration to be applied." });

/** Body of `POST /api/configuration/rollback`. */
export const rollbackBody = z
  .strictObject({
    to: z
      .string()
      .regex(/^([1-9]\d{0,10}|[0-9a-f]{12})$/, "must be a version's number or hash")
      .meta({
        description: "The version whose content is to be in force again, by number or hash.",
        examples: ["6", exampleHash],
      }),
    base,
    comment,
  })
  .meta({ id: "RollbackConfiguration", description: "Which version to go back to." });

/** Path parameters of `GET /api/configuration/versions/{version}`. */
export const versionParams = z.object({
  version: z
    .string()
    .regex(/^([1-9]\d{0,10}|[0-9a-f]{12})$/, "must be a version's number or hash")
    .meta({
      description: "Its number, or the hash of its content: then the newest that has it.",
      examples: ["7", exampleHash],
    }),
});

/** Query of `GET /api/configuration/versions`. */
export const versionsQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(pageMax)
    .default(pageDefault)
    .meta({ description: `How many, at most ${pageMax}.`, examples: [pageDefault] }),
  before: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({
      description: "Only versions with a lower number: `next_before` of the page before.",
      examples: [8],
    }),
});

const versionShape = {
  number: z.int().meta({ description: "Counts the versions, from 1.", examples: [7] }),
  version: z
    .string()
    .meta({ description: "Hash of the settings; decisions carry it.", examples: [exampleHash] }),
  applied_at: instant.meta({
    description: "When it was applied, ISO 8601, UTC.",
    examples: ["2026-11-25T12:00:00.000Z"],
  }),
  applied_by: z.string().meta({
    description:
      "Who applied it: `admin` (SIGNALBOX_ADMIN_KEY), a key's id, `anyone` where no key is needed, or `file`.",
    examples: ["admin", "key_5e8f0c6d2a175e8f0c6d2a17", "file"],
  }),
  source: z
    .enum(versionSources)
    .meta({ description: "Whether the file, a call, or a rollback brought it.", examples: ["api"] }),
  comment: z
    .string()
    .nullable()
    .meta({ description: "Why it was applied.", examples: ["more traffic to lite"] }),
  parent: z
    .int()
    .nullable()
    .meta({ description: "Number of the version that it replaced.", examples: [6] }),
  restores: z
    .int()
    .nullable()
    .meta({ description: "Of a rollback: the version whose content it has again.", examples: [null] }),
};

const changeView = z
  .object({
    kind: z
      .enum(["add", "change", "remove"])
      .meta({ description: "What kind of change.", examples: ["change"] }),
    path: z.string().meta({
      description: "Dotted path of the key in signalbox.yaml.",
      examples: ["routes.support.strategy.weighted.support-lite"],
    }),
    text: z.string().meta({
      description: "The change in words. Never a key.",
      examples: ["route support: variant support-lite 20% -> 30%"],
    }),
    notes: z.array(z.string()).meta({
      description: "What follows from it that is not plain to see.",
      examples: [["takes effect at the next start"]],
    }),
  })
  .meta({ id: "ConfigurationChange", description: "One change of the configuration." });

const changes = z
  .array(changeView)
  .meta({ description: "Every change, in the order of the file; empty when nothing changes." });

const versionView = z
  .object(versionShape)
  .meta({ id: "ConfigurationVersion", description: "A configuration as it was applied." });

/** Answer of `GET /api/configuration`. */
export const configurationReply = z
  .object({
    ...versionShape,
    status_epoch: z.int().meta({
      description:
        "Counts the changes of what controllers observe and do; decisions carry it with the version.",
      examples: [3],
    }),
    file: z
      .object({
        path: z.string().meta({ description: "The file.", examples: ["signalbox.yaml"] }),
        state: z.enum(["in-force", "replaced", "invalid"]).meta({
          description:
            "`in-force`: what it says is. `replaced`: something newer was applied by a call. `invalid`: it cannot be applied; what was in force stays.",
          examples: ["in-force"],
        }),
        problem: z
          .string()
          .nullable()
          .meta({
            description: "Of an invalid file, every problem with its line.",
            examples: [null, "signalbox.yaml:12:5 routes.support.strategy: wanted ..., got ..."],
          }),
      })
      .meta({ description: "The configuration file, as it was last read by this process." }),
    refused: z
      .object({
        number: z.int().meta({ description: "Its number.", examples: [8] }),
        problem: z.string().meta({
          description: "Why not.",
          examples: ["Cannot follow to version 8 (...): ..."],
        }),
      })
      .nullable()
      .meta({
        description:
          "The newest version where it cannot be in force in this process, such as for want of a variable; null where it is.",
        examples: [null],
      }),
    settings: z.record(z.string(), z.unknown()).meta({
      description: "The settings in the words of signalbox.yaml; keys only as references.",
      examples: [{ version: 1, routes: { support: { strategy: { use: "support-flash" } } } }],
    }),
  })
  .meta({ id: "Configuration", description: "The configuration in force." });

/** Answer of `POST /api/configuration/plan`. */
export const planReply = z
  .object({
    base: z.object({ number: versionShape.number, version: versionShape.version }).meta({
      description: "The newest version, on which this is planned.",
      examples: [{ number: 7, version: exampleHash }],
    }),
    version: z.string().meta({ description: "Hash of what would be in force.", examples: ["b27c90aa41ef"] }),
    changes,
  })
  .meta({ id: "ConfigurationPlan", description: "What applying would change." });

/** Answer of `POST /api/configuration/apply` and `/rollback`. */
export const appliedReply = z
  .object({
    change: z.enum(["applied", "unchanged"]).meta({
      description: "`unchanged`: that content is in force already; there is no new version.",
      examples: ["applied"],
    }),
    version: versionView.meta({ description: "The version that is in force now." }),
    changes,
  })
  .meta({ id: "AppliedConfiguration", description: "What applying did." });

/** Answer of `GET /api/configuration/versions`. */
export const versionsReply = z
  .object({
    versions: z.array(versionView).meta({ description: "Newest first." }),
    next_before: z
      .int()
      .nullable()
      .meta({ description: "What `before` is for the next page; null on the last.", examples: [null] }),
  })
  .meta({ id: "ConfigurationVersions", description: "A page of the history." });

/** Answer of `GET /api/configuration/versions/{version}`. */
export const versionReply = z
  .object({
    ...versionShape,
    text: z.string().meta({ description: "signalbox.yaml, as it was applied.", examples: [exampleText] }),
    changes: changes.meta({ description: "What it changed of the version that it replaced." }),
  })
  .meta({ id: "ConfigurationVersionWithText", description: "A version with its text." });

/** What is in force, as `/api/configuration` tells it. */
export function configurationView(
  { loaded, version, statusEpoch }: InForce,
  { file, refused }: { readonly file: FileState; readonly refused: RefusedVersion | undefined },
): z.output<typeof configurationReply> {
  return {
    ...summaryView(version),
    status_epoch: statusEpoch,
    file: { path: file.path, state: file.state, problem: file.problem ?? null },
    refused: refused ? { ...refused } : null,
    settings: { ...loaded.configuration.written },
  };
}

/** A plan, as the API tells it. */
export function planView({ base, version, changes }: ConfigurationPlan): z.output<typeof planReply> {
  return {
    base: { number: base.number, version: base.version },
    version,
    changes: changes.map(viewOfChange),
  };
}

/** What applying did, as the API tells it. */
export function appliedView({ change, version, changes }: Applied): z.output<typeof appliedReply> {
  return { change, version: summaryView(version), changes: changes.map(viewOfChange) };
}

/** A page of the history, as the API tells it. */
export function versionsView(
  versions: readonly VersionSummary[],
  limit: number,
): z.output<typeof versionsReply> {
  const last = versions.at(-1);
  const hasMore = versions.length === limit && last !== undefined && last.number > 1;
  return { versions: versions.map(summaryView), next_before: hasMore ? last.number : null };
}

/** A version with its text, as the API tells it. */
export function versionWithTextView(
  version: ConfigurationVersion,
  changes: readonly ConfigurationChange[],
): z.output<typeof versionReply> {
  return { ...summaryView(version), text: version.text, changes: changes.map(viewOfChange) };
}

function summaryView(version: VersionSummary): z.output<typeof versionView> {
  return {
    number: version.number,
    version: version.version,
    applied_at: new Date(version.appliedAtMs).toISOString(),
    applied_by: version.appliedBy,
    source: version.source,
    comment: version.comment ?? null,
    parent: version.parent ?? null,
    restores: version.restores ?? null,
  };
}

function viewOfChange({ kind, path, text, notes }: ConfigurationChange): z.output<typeof changeView> {
  return { kind, path, text, notes: [...notes] };
}
