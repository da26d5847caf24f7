/** The duration of Signalbox's own part in a `server-timing` header, ms: `gateway;dur=1.2`; undefined where there is none. */
export function gatewayMsOf(header: string | undefined): number | undefined {
  const told = /(?:^|,)\s*gateway\s*;\s*dur=(\d+(?:\.\d+)?)/.exec(header ?? "")?.[1];
  return told === undefined ? undefined : Number(told);
}
