/** One bar of a chart, or one number that is drawn as one. */
export interface Bar {
  label: string;
  /** Finite. */
  value: number;
}
