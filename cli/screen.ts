import { styleText } from "node:util";

/** What words can stand out by. */
export type Emphasis = "strong" | "faint" | "good" | "bad" | "warning";

/** What words are written for: a terminal or a file. */
export interface Screen {
  /** Letters in a line. */
  width: number;
  style(emphasis: Emphasis, text: string): string;
}

const formats = { strong: "bold", faint: "dim", good: "green", bad: "red", warning: "yellow" } as const;

/** A file, or a terminal that wants no colours. */
export const plainScreen: Screen = { width: 80, style: (_emphasis, text) => text };

/** @see https://no-color.org */
export function screenOf(
  stream: { isTTY?: boolean; columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Screen {
  if (stream.isTTY !== true) return plainScreen;
  // A terminal that does not know its size says 0.
  const { columns = 0 } = stream;
  const width = columns === 0 ? plainScreen.width : Math.max(40, columns);
  if ((environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb") {
    return { ...plainScreen, width };
  }
  return {
    width,
    style: (emphasis, text) => styleText(formats[emphasis], text, { validateStream: false }),
  };
}
