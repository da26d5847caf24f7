import { failed, ok, type Result } from "#core/kernel/result.ts";

/**
 * The values that an f-string template names: `{name}`; `{{` and `}}` are braces.
 * @returns what is wrong with the template, otherwise
 */
export function templateNames(template: string): Result<readonly string[], string> {
  const names = new Set<string>();
  for (let at = 0; at < template.length; at++) {
    const character = template[at];
    if (character !== "{" && character !== "}") continue;
    if (template[at + 1] === character) {
      at += 1;
      continue;
    }
    const [whole, name] = /^\{([A-Za-z_][\w-]*)\}/.exec(template.slice(at, at + 102)) ?? [];
    if (whole === undefined || name === undefined) {
      return failed(`a single "${character}" at character ${at} that is no {name}`);
    }
    names.add(name);
    at += whole.length - 1;
  }
  return ok([...names]);
}
