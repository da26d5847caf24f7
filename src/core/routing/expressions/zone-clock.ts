/** How often the offset of a zone may change: its rules change it at full quarters of an hour. */
const offsetSpanMs = 900_000;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Days of the week by number, Sunday first, as conditions name them. */
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** What a clock on a wall shows. */
export interface WallTime {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** `sun`, `mon`, ... */
  readonly weekday: string;
  /** `2026-11-25`. */
  readonly date: string;
}

/** A clock on the wall of a zone: what it shows at a moment, ms since 1970. Looks the offset up once a quarter of an hour. */
export function zoneClock(zone: string): (nowMs: number) => WallTime {
  let span = Number.NaN;
  let offsetMs = 0;
  return (nowMs) => {
    const current = Math.floor(nowMs / offsetSpanMs);
    if (current !== span) {
      span = current;
      offsetMs = offsetOf(zone, current * offsetSpanMs);
    }
    return shown(nowMs + offsetMs);
  };
}

/** Whether there is a zone of that name. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    // RangeError is how Intl says that it knows no such zone.
    return false;
  }
}

function shown(wallMs: number): WallTime {
  const inDay = ((wallMs % dayMs) + dayMs) % dayMs;
  // 1970-01-01 was a Thursday, the fourth day from Sunday.
  const weekday = (((Math.floor(wallMs / dayMs) + 4) % 7) + 7) % 7;
  return {
    hour: Math.floor(inDay / hourMs),
    minute: Math.floor((inDay % hourMs) / 60_000),
    weekday: weekdays[weekday] ?? "",
    date: new Date(wallMs).toISOString().slice(0, 10),
  };
}

/** How far a zone's wall is ahead of UTC, ms. */
function offsetOf(zone: string, atMs: number): number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wallMs = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wallMs - atMs;
}
