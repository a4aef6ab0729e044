/** Ends of a scale: finite, and `low` is below `high`. */
export interface Domain {
  low: number;
  high: number;
}

/** A domain that begins and ends with a tick. */
export interface Axis extends Domain {
  ticks: number[];
}

/** The lowest and the highest of at least one number. */
export function rangeOf(values: readonly number[]): { low: number; high: number } {
  return {
    low: values.reduce((lowest, value) => Math.min(lowest, value), Infinity),
    high: values.reduce((highest, value) => Math.max(highest, value), -Infinity),
  };
}

/** The domain of finite numbers. Where they are all the same, it reaches from zero to somewhat beyond them. */
export function domainOf(values: readonly number[]): Domain {
  const { low, high } = rangeOf(values);
  return low < high ? { low, high } : domainFromZero(values.slice(0, 1).map(somewhatBeyond));
}

function somewhatBeyond(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * 1.25));
}

/** The domain of finite numbers that are shown as lengths, and lengths begin at zero. */
export function domainFromZero(values: readonly number[]): Domain {
  const { low, high } = rangeOf([0, ...values]);
  return low < high ? { low, high } : { low: 0, high: 1 };
}

/** Where a number stands between the ends of a domain, from 0 to 1. */
export function fraction(value: number, { low, high }: Domain): number {
  const span = high - low;
  // Between -1e308 and 1e308 lies more than a number can hold.
  const place = Number.isFinite(span) ? (value - low) / span : (value / 2 - low / 2) / (high / 2 - low / 2);
  return Math.min(1, Math.max(0, place));
}

/** A bar from zero to a value, both as fractions of the domain. */
export function barOf(value: number, domain: Domain): { start: number; length: number } {
  const zero = fraction(0, domain);
  const end = fraction(value, domain);
  return { start: Math.min(zero, end), length: Math.abs(end - zero) };
}

/**
 * An axis with ticks at round numbers, about as many steps as asked for. Where no round numbers can be told apart (1e16 and
 * 1e16 + 2) or none reaches far enough (1.7e308), the ticks are the ends of the domain.
 */
export function axisOf({ low, high }: Domain, steps: number): Axis {
  const ticks = roundTicks({ low, high }, steps);
  const [first = low] = ticks;
  return { low: first, high: ticks.at(-1) ?? high, ticks };
}

function roundTicks({ low, high }: Domain, steps: number): number[] {
  const rough = high / steps - low / steps;
  const power = Math.floor(Math.log10(rough));
  const times = rough / 10 ** power;
  const factor = times >= 7.07 ? 10 : times >= 3.16 ? 5 : times >= 1.41 ? 2 : 1;
  // Dividing by 10 gives 0.3 where multiplying by 0.1 gives 0.30000000000000004.
  const perUnit = power < 0 ? 10 ** -power / factor : undefined;
  const step = factor * 10 ** power;
  const tick = (index: number): number => (perUnit === undefined ? index * step : index / perUnit);
  const indexOf = (value: number): number => (perUnit === undefined ? value / step : value * perUnit);
  const first = Math.floor(indexOf(low));
  const last = Math.ceil(indexOf(high));
  if (!(last - first <= 4 * steps)) return [low, high];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tick(first + index) + 0);
  return covers(ticks, { low, high }) ? ticks : [low, high];
}

function covers(ticks: number[], { low, high }: Domain): boolean {
  const [first = Infinity] = ticks;
  const last = ticks.at(-1) ?? -Infinity;
  return (
    first <= low &&
    last >= high &&
    ticks.every((tick, index) => Number.isFinite(tick) && (index === 0 || tick > (ticks[index - 1] ?? tick)))
  );
}
