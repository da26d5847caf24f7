import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";
import { name } from "./name.ts";

/** Most experiments that one address may be told of by name. */
const experimentsMax = 100;
/** Between two looks at one experiment, ms: each look reads the units of its phase. */
const everyMsMin = 60_000;
const everyMsMax = 24 * 3_600_000;

const secretReference = "a reference to an environment variable such as ${SIGNALBOX_WEBHOOK_SECRET}";
const everyWanted = "a duration from 1m to 24h";

/** `notifications.<name>` */
export const notificationSchema = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .meta({
        description: "Where messages are posted to, https; may hold ${NAME} references.",
        examples: ["https://hooks.example.com/signalbox"],
      }),
    secret: z
      .string({ error: secretReference })
      .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, { error: secretReference })
      .meta({
        description:
          "What messages are signed with (Standard Webhooks), as a reference to an environment variable: 24 to 64 random bytes in base64, with or without `whsec_` before it.",
        examples: ["${SIGNALBOX_WEBHOOK_SECRET}"],
      }),
    experiments: z
      .array(name)
      .min(1)
      .max(experimentsMax)
      .optional()
      .meta({
        description: "The experiments that it is told of; left out, all of them.",
        examples: [["argon-or-flash"]],
      }),
    every: duration({
      description: "How often the verdict of a running experiment is looked at, from 1m to 24h.",
      examples: ["5m", "1h"],
    })
      .refine((ms) => ms >= everyMsMin && ms <= everyMsMax, { error: everyWanted })
      .prefault("5m"),
    public_url: z
      .url({ protocol: /^https?$/, error: "an http or https URL such as https://signalbox.example.com" })
      .optional()
      .meta({
        description: "Where people reach this Signalbox: what links in messages begin with.",
        examples: ["https://signalbox.example.com"],
      }),
    private_network: z
      .boolean()
      .default(false)
      .meta({
        description: "Whether its address may be private or plain http. Refused unless true.",
        examples: [true],
      }),
  })
  .meta({ description: "An address that is told of verdicts and changes of experiments." });

/** A notification as written. */
export type NotificationSettings = z.output<typeof notificationSchema>;
