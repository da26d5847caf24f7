/** A package, with or without a path below it. It has no scheme, no `..` and no percent sign that could hide one. */
const packagePattern =
  /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*$/;

/**
 * Whether a module may be loaded: its package is allowed, or the module itself as it is written. Only so is a file allowed,
 * one below the configuration's folder.
 * @param module as a provider names it
 * @param allowed as `modules.allow` lists them
 */
export function moduleAllowed(module: string, allowed: readonly string[]): boolean {
  if (!packagePattern.test(module)) return module.startsWith("./") && allowed.includes(module);
  return allowed.some(
    (entry) => module === entry || (packagePattern.test(entry) && module.startsWith(`${entry}/`)),
  );
}
