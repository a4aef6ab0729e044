export type Point = readonly [x: number, y: number];

/** At most so many of the points, in their order: both ends, and the lowest and the highest of each stretch between. */
export function thinnedPoints(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretches = Math.floor((most - 2) / 2);
  const between = points.length - 2;
  const kept = Array.from({ length: stretches }, (_, stretch) => {
    const start = 1 + Math.floor((stretch * between) / stretches);
    const end = 1 + Math.floor(((stretch + 1) * between) / stretches);
    return extremes(points.slice(start, end));
  });
  return [...points.slice(0, 1), ...kept.flat(), ...points.slice(-1)];
}

function extremes(points: readonly Point[]): Point[] {
  let lowest = 0;
  let highest = 0;
  points.forEach(([, y], index) => {
    if (y < (points[lowest]?.[1] ?? y)) lowest = index;
    if (y > (points[highest]?.[1] ?? y)) highest = index;
  });
  const indexes = new Set([Math.min(lowest, highest), Math.max(lowest, highest)]);
  return [...indexes].flatMap((index) => points.slice(index, index + 1));
}
