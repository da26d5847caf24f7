/** Numbers as base64 of 32-bit floats, little endian: how OpenAI's SDKs ask for embeddings. */
export function writeFloat32Base64(numbers: readonly number[]): string {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, value] of numbers.entries()) bytes.writeFloatLE(Math.fround(value), index * 4);
  return bytes.toString("base64");
}

/** The numbers in such a text; undefined when it is not base64 of whole floats. */
export function readFloat32Base64(text: string): readonly number[] | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % 4 !== 0) return undefined;
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
