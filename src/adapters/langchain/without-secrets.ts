/** Shortest text that is taken for a secret: a shorter one would cut words apart. */
const secretLengthMin = 4;

/** A text to be seen, with the secrets in it taken out. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= secretLengthMin)
    .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}
