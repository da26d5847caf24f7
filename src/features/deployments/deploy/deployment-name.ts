/** Longest name that is made of a model's id, characters: leaves room for the number behind it. */
const nameLengthMax = 90;

/**
 * A name for a deployment that was given none: that of its model, without what names must not hold, and with a number
 * where it is taken.
 */
export function deploymentName(model: string, isTaken: (name: string) => boolean): string {
  const last = model.split("/").at(-1) ?? model;
  const base = last
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, nameLengthMax);
  const name = base === "" ? "deployment" : base;
  if (!isTaken(name)) return name;
  for (let number = 2; ; number++) if (!isTaken(`${name}-${number}`)) return `${name}-${number}`;
}
