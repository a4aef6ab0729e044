import { printable } from "./printable.ts";
import type { Emphasis, Screen } from "./screen.ts";

/** What stands in a place of a table: text as it comes, perhaps of others. */
export type Cell = string | { text: string; emphasis: Emphasis };

export interface Column {
  title: string;
  align?: "right";
}

const gap = "  ";
const leastWidth = 8;

/**
 * Lines of columns that fit the screen: where they are too wide, the widest is broken into several lines.
 *
 * @param indent - Letters that each line begins behind.
 */
export function table(columns: Column[], rows: Cell[][], screen: Screen, indent = 0): string {
  const texts = rows.map((row) => row.map((cell) => printable(textOf(cell))));
  const widths = fitted(
    columns.map(({ title }, index) =>
      Math.max(title.length, ...texts.map((row) => (row[index] ?? "").length)),
    ),
    screen.width - indent - gap.length * (columns.length - 1),
  );
  const isTitled = columns.some(({ title }) => title !== "");
  const titles = columns.map(({ title }): Cell => ({ text: title, emphasis: "faint" }));
  return [...(isTitled ? [titles] : []), ...rows]
    .flatMap((row) => linesOf(row, columns, widths, screen))
    .map((line) => `${" ".repeat(indent)}${line}\n`)
    .join("");
}

/**
 * Text in lines that fit the screen, each behind the same indent; the first one perhaps behind a mark of that width at most. A word that is
 * longer than a line stays whole, so that an ARN can be copied.
 */
export function paragraph(text: string, screen: Screen, indent = 0, mark = ""): string {
  return wrapped(printable(text), Math.max(leastWidth, screen.width - indent), "whole")
    .map((line, index) => `${(index === 0 ? mark : "").padStart(indent)}${line}\n`)
    .join("");
}

function linesOf(row: Cell[], columns: Column[], widths: number[], screen: Screen): string[] {
  const cells = columns.map((_column, index) =>
    wrapped(printable(textOf(row[index] ?? "")), widths[index] ?? leastWidth),
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_line, place) =>
    columns
      .map(({ align }, index) => {
        const text = cells[index]?.[place] ?? "";
        const blank = " ".repeat(Math.max(0, (widths[index] ?? 0) - text.length));
        const shown = text === "" ? "" : styled(text, row[index] ?? "", screen);
        return align === "right" ? `${blank}${shown}` : `${shown}${blank}`;
      })
      .join(gap)
      .trimEnd(),
  );
}

export function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function styled(text: string, cell: Cell, screen: Screen): string {
  return typeof cell === "string" ? text : screen.style(cell.emphasis, text);
}

/** Takes letters from the widest column until all fit. */
function fitted(widths: number[], room: number): number[] {
  const left = [...widths];
  for (let over = sum(left) - room; over > 0; over -= 1) {
    const widest = left.indexOf(Math.max(...left));
    if ((left[widest] ?? 0) <= leastWidth) break;
    left[widest] = (left[widest] ?? 0) - 1;
  }
  return left;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Lines of words. */
function wrapped(text: string, width: number, longWords: "whole" | "broken" = "broken"): string[] {
  const words = text.split(" ");
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of longWords === "whole" ? words : words.flatMap((word) => chunks(word, width))) {
    if (line === undefined) line = part;
    else if (line.length + 1 + part.length <= width) line += ` ${part}`;
    else {
      lines.push(line);
      line = part;
    }
  }
  return [...lines, line ?? ""];
}

/** A word in parts that each fit a line. */
function chunks(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_chunk, index) => word.slice(index * width, (index + 1) * width));
}

/** `1 card`, `2 cards`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
