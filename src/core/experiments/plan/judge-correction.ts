/** How what a judge says is corrected by what humans said of some of it. */
export const judgeCorrections = ["prediction_powered", "rogan_gladen", "none"] as const;

/** One of them. */
export type JudgeCorrection = (typeof judgeCorrections)[number];
