import type { UpstreamModel } from "#core/dialects/dialect.ts";

/** A model of another vendor that takes efforts and samples. */
export const plainModel: UpstreamModel = {
  id: "other-large",
  thinking: { mode: "level" },
  ignoresSampling: false,
  needsThoughtSignatures: false,
  acceptsPrefill: true,
};

/** A Gemini model that thinks by budget and does not insist on signatures. */
export const budgetGemini: UpstreamModel = {
  id: "gemini-2.5-flash",
  thinking: { mode: "budget" },
  ignoresSampling: false,
  needsThoughtSignatures: false,
  acceptsPrefill: true,
};

/** A Gemini model that thinks by level and wants its signatures back. */
export const levelGemini: UpstreamModel = {
  id: "gemini-3-flash-preview",
  thinking: { mode: "level", levels: ["minimal", "low", "medium", "high"] },
  ignoresSampling: false,
  needsThoughtSignatures: true,
  acceptsPrefill: true,
};
