/** Strength of a cell's colour, -`heatLevels` to `heatLevels`: the further from zero, the stronger. */
export const heatLevels = 7;

export function heatLevel(value: number, largestSize: number): number {
  if (value === 0 || largestSize === 0) return 0;
  return Math.sign(value) * Math.max(1, Math.ceil((Math.abs(value) / largestSize) * heatLevels));
}
