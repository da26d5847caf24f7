import { z } from "zod";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";
import { isWrittenLine, writtenLine } from "#core/kernel/written-line.ts";
import { experimentStates } from "./experiment-status.ts";
import { toldShape } from "./notifications/notifications-view.ts";

/** Longest reason, characters. */
const whyLengthMax = 1_000;

const exampleInstant = "2026-11-25T12:00:00.000Z";
const instant = z.iso.datetime({ offset: true });

const exampleDesign = {
  route: "support",
  incumbent: "support-flash",
  hypothesis: "Argon resolves more conversations than Flash",
  unit: "conversation",
  variants: { "support-flash": "50%", "support-argon": "50%" },
};

const name = z
  .string()
  .min(1)
  .max(100)
  .refine(isWrittenLine, `must be ${writtenLine}`)
  .meta({ description: "The experiment's name.", examples: ["argon-or-flash"] });

const why = z
  .string()
  .trim()
  .min(1)
  .max(whyLengthMax)
  .refine(isStorableText, `must be ${storableText}`)
  .meta({
    description: `Why, in the words of whoever does it; at most ${whyLengthMax} characters. Kept with the change.`,
    examples: ["enough conversations for a verdict"],
  });

const epoch = z
  .int()
  .min(0)
  .optional()
  .meta({
    description:
      "The `epoch` of the experiment as it was seen. When it has been changed since, nothing happens and the answer is 409. Without it the experiment is changed if its state allows it.",
    examples: [12, 0],
  });

const design = z.record(z.string(), z.json()).meta({
  description:
    "The design, as signalbox.yaml has it under `experiments.<name>`: route, incumbent, unit, variants and so on (docs/experiments.md).",
  examples: [exampleDesign],
});

/** Path parameters of `/api/experiments/{name}`. */
export const experimentParams = z.object({ name });

/** Body of `POST /api/experiments`. */
export const designBody = z.strictObject({ name, design, why: why.optional() }).meta({
  id: "ExperimentDesign",
  description: "An experiment that is to be written into the configuration.",
});

/** Body of `POST /api/experiments/{name}/start`, `pause`, `resume` and `stop`. */
export const operationBody = z
  .strictObject({ why: why.optional(), epoch })
  .meta({ id: "ExperimentOperation", description: "Why an experiment is changed, and on what." });

/** Body of `POST /api/experiments/{name}/decide`. */
export const decideBody = z
  .strictObject({
    winner: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .meta({
        description: "The variant that it is decided for: one that was compared; null for none.",
        examples: ["support-argon", null],
      }),
    why,
    epoch,
  })
  .meta({ id: "ExperimentDecision", description: "What follows from an experiment that is stopped." });

const stateView = z.enum(experimentStates);

const experimentShape = {
  name: z.string().meta({ description: "The experiment's name.", examples: ["argon-or-flash"] }),
  state: stateView.meta({
    description:
      "`draft`: designed, and never started. `running`: takes requests. `paused`: takes none until it is resumed. `stopped`: over. `decided`: over, and what follows from it is noted.",
    examples: ["running"],
  }),
  since: instant.nullable().meta({
    description: "Since when it is in this state, ISO 8601, UTC; null for a draft.",
    examples: [exampleInstant],
  }),
  design: design.meta({
    description:
      "The design that holds, as signalbox.yaml has it: the one that it was started with; for a draft that of the configuration.",
    examples: [exampleDesign],
  }),
  configured: z.boolean().meta({
    description: "Whether the configuration in force has an experiment of this name.",
    examples: [true],
  }),
  design_changed: z.array(z.string()).meta({
    description:
      "What the configuration says otherwise by now, in words; it is not taken over while the experiment goes on. Empty where nothing is.",
    examples: [["experiment argon-or-flash: coverage 100% (the default) -> 20%"]],
  }),
  problem: z
    .string()
    .nullable()
    .meta({
      description:
        "Why it takes no requests although it runs, or did not start although its start has come; null where nothing is in its way.",
      examples: ["the configuration has no variant support-argon any more"],
    }),
  phase: z
    .int()
    .nullable()
    .meta({
      description:
        "The phase that it is in, from 1: another treatment begins the next one, with other units in each variant. Null for a draft.",
      examples: [1],
    }),
  winner: z
    .string()
    .nullable()
    .meta({
      description: "The variant that was decided for; null where none was, or nothing is decided.",
      examples: ["support-argon"],
    }),
  why: z
    .string()
    .nullable()
    .meta({
      description: "Why it was changed last, in the words of whoever did.",
      examples: ["enough conversations for a verdict"],
    }),
  changed_by: z
    .string()
    .nullable()
    .meta({
      description:
        "Who changed it last: `admin`, a key's id, `anyone`, or `signalbox` for what follows by itself; null for a draft.",
      examples: ["admin"],
    }),
  changed_at: instant.nullable().meta({
    description: "When it was changed last, ISO 8601, UTC; null for a draft.",
    examples: [exampleInstant],
  }),
  epoch: z.int().meta({
    description:
      "Number of the change of the status that made it so, to be sent with the next change; 0 for a draft.",
    examples: [12],
  }),
};

/** An experiment, as the API tells it. */
const experimentView = z
  .object(experimentShape)
  .meta({ id: "Experiment", description: "An experiment: its design, and what became of it." });

/** An experiment, as the API tells it. */
export type ExperimentView = z.output<typeof experimentView>;

/** Answer of `GET /api/experiments`. */
export const experimentsView = z
  .object({ experiments: z.array(experimentView).meta({ description: "The experiments." }) })
  .meta({ id: "ExperimentList", description: "The experiments." });

const phaseView = z
  .object({
    phase: z.int().meta({ description: "Its number, from 1.", examples: [1] }),
    started_at: instant.meta({ description: "When it began, ISO 8601, UTC.", examples: [exampleInstant] }),
    ended_at: instant.nullable().meta({
      description: "When it ended, ISO 8601, UTC; null while it goes on.",
      examples: [exampleInstant],
    }),
    configuration: z.int().meta({
      description: "Number of the configuration's version that its variants are of.",
      examples: [7],
    }),
    variants: z.record(z.string(), z.string()).meta({
      description: "What it compares: the hash of each variant, by its name.",
      examples: [{ "support-flash": "4042b8c4fdec", "support-argon": "9a1f00c3be27" }],
    }),
  })
  .meta({
    id: "ExperimentPhase",
    description: "A stretch of an experiment in which one and the same is compared.",
  });

const changeView = z
  .object({
    at: instant.meta({ description: "When, ISO 8601, UTC.", examples: [exampleInstant] }),
    by: z.string().meta({ description: "Who did it.", examples: ["admin"] }),
    from: stateView.meta({ description: "The state before.", examples: ["draft"] }),
    to: stateView.meta({
      description: "The state after; the same where only a new phase began.",
      examples: ["running"],
    }),
    phase: z.int().meta({ description: "The phase after.", examples: [1] }),
    why: z
      .string()
      .nullable()
      .meta({ description: "Why.", examples: ["the pilot went well"] }),
    epoch: z.int().meta({ description: "Number of the change of the status.", examples: [12] }),
  })
  .meta({ id: "ExperimentChange", description: "One change of an experiment." });

/** Answer of `GET /api/experiments/{name}`. */
export const experimentDetailView = z
  .object({
    ...experimentShape,
    phases: z.array(phaseView).meta({ description: "Its phases, newest first, 100 at most." }),
    changes: z.array(changeView).meta({ description: "What was done with it, newest first, 100 at most." }),
    ...toldShape,
  })
  .meta({
    id: "ExperimentDetail",
    description: "An experiment with its phases and all that was done with it.",
  });

/** An experiment with its history, as the API tells it. */
export type ExperimentDetail = z.output<typeof experimentDetailView>;
