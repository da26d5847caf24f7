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

/**
 * A template with its values. One that is checked (`templateNames`) holds nothing but text, `{name}`s and doubled braces.
 * @param shown a value as text
 */
export function filledTemplate(template: string, shown: (name: string) => string): string {
  return template.replaceAll(/\{\{|\}\}|\{([A-Za-z_][\w-]*)\}/g, (whole, name: string | undefined) =>
    name === undefined ? whole.slice(0, 1) : shown(name),
  );
}

/** The name that a template is about, where it is nothing else: then the value itself is meant, not its text. */
export function onlyName(template: string): string | undefined {
  return /^\{([A-Za-z_][\w-]*)\}$/.exec(template)?.[1];
}
