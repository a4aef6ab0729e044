const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `3 h ago`, `in 35 min`, `now`. */
export function ageOf(at: string, now: Date): string {
  const ms = now.getTime() - Date.parse(at);
  const [unit, size] = units.find(([, length]) => Math.abs(ms) >= length) ?? ["s", 1_000];
  const count = Math.round(Math.abs(ms) / size);
  if (count === 0) return "now";
  return ms > 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}

/** `2026-01-01 00:00:00`, where something around it says that it is UTC. */
export function utc(at: string): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** A sentence in which each moment is written as for people: `until 2026-01-01 00:00:00 UTC`. */
export function withMoments(sentence: string): string {
  return sentence.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, (at) => `${utc(at)} UTC`);
}

/** `2026-01-01 00:00:00 UTC (3 h ago)`. */
export function moment(at: string, now: Date): string {
  return `${utc(at)} UTC (${ageOf(at, now)})`;
}

/** `533 ms`, `12 s`, `3 min 5 s`, `2 d 4 h`. */
export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const index = Math.max(
    0,
    units.findIndex(([, length]) => ms >= length),
  );
  const [unit, size] = units[index] ?? units[3];
  const [nextUnit, nextSize] = units[index + 1] ?? ["", 0];
  const rest = nextSize === 0 ? 0 : Math.floor((ms % size) / nextSize);
  return `${Math.floor(ms / size)} ${unit}${rest === 0 ? "" : ` ${rest} ${nextUnit}`}`;
}
