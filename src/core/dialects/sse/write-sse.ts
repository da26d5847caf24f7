/** A payload as one frame. A payload of several lines becomes as many `data:` lines. */
export function sseFrame(data: string): string {
  // Serialised JSON has no line ends, which makes this the only case that matters for speed.
  if (!data.includes("\n") && !data.includes("\r")) return `data: ${data}\n\n`;
  const lines = data.split(/\r\n|\n|\r/).map((line) => `data: ${line}\n`);
  return `${lines.join("")}\n`;
}
