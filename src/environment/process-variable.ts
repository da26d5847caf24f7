/** What a variable of the process environment says; undefined when it is absent or empty. For Signalbox within an application. */
export function processVariable(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}
