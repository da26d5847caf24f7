/** Who or what says something. `end_user`: whoever uses the application; `human`: a reviewer; `code`: a check; `judge`: a model. */
export const eventSources = ["end_user", "human", "code", "judge"] as const;

/** One of them. */
export type EventSource = (typeof eventSources)[number];

/** What the name of an event is made of, and how long it may be. */
export const eventNamePattern = /^[A-Za-z][\w.:-]*$/;
export const eventNameLengthMax = 64;
