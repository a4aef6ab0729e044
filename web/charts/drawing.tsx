import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

/** What a figure has to know about a chart before it is drawn. */
export interface Chart {
  /** How many bars, points or cells there are to draw. Without any there is no drawing. */
  marks: number;
  /** What a person who sees the drawing must know about it, and what it leaves out. */
  remarks: string[];
  /** Whether the drawing needs more room than a column. */
  wide?: boolean;
  draw: (id: string) => JSX.Element;
}

/** Width of a drawing that is scaled to its column, which is 260 to 370 pixels wide. */
export const columnWidth = 300;

/**
 * An SVG image with its name and description.
 *
 * @param width - Without it the drawing is as wide as its place, and has its lengths in percent.
 * @param id - Unique on the page.
 */
export function Drawing({
  id,
  title,
  description,
  width,
  height,
  children,
}: PropsWithChildren<{
  id: string;
  title: string;
  description: string;
  width?: number;
  height: number;
}>): JSX.Element {
  const scaled = width === columnWidth;
  const drawing = (
    <svg
      class={width === undefined ? "chart stretched" : scaled ? "chart scaled" : "chart"}
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
      viewBox={width === undefined ? undefined : `0 0 ${width} ${height}`}
      width={scaled ? undefined : (width ?? "100%")}
      height={scaled ? undefined : height}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{description}</desc>
      {children}
    </svg>
  );
  if (width === undefined || scaled) return drawing;
  return (
    <div class="scroll" role="group" aria-label={`Drawing of ${title}`} tabindex={0}>
      {drawing}
    </div>
  );
}

/** A coordinate without digits that nobody sees. */
export function rounded(coordinate: number): number {
  return Math.round(coordinate * 100) / 100;
}

export function percent(part: number): string {
  return `${rounded(part * 100)}%`;
}
