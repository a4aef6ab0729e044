/** Size of a chart's text in the units of its drawing. A drawing is never shown smaller than 0.87 of that. */
export const fontSize = 12.75;
export const lineHeight = 15;

// Loading Intl takes milliseconds, which only pages with charts need to wait for.
let compact: Intl.NumberFormat | undefined;

/** A number in few characters, rounded where it has many digits. */
export function shortNumber(value: number): string {
  const text = String(value);
  if (text.length <= 7) return text;
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2).replace(/\.?0+e/, "e");
  if (size < 1e5) return String(Number(value.toPrecision(4)));
  compact ??= new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });
  return compact.format(value);
}

/** Labels of ticks: short, unless two of them would then read the same. */
export function tickLabels(ticks: readonly number[]): string[] {
  const short = ticks.map(shortNumber);
  return new Set(short).size === short.length ? short : ticks.map(String);
}

/** `1 point`, `16,000 points`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** A text of any length, for places where the whole of it stands elsewhere. */
export function shortened(text: string): string {
  const [line = ""] = wrapped(text, 60 * fontSize, 1);
  return line;
}

/** About how wide a text is. There is no browser to ask, so this errs to the wide side. */
export function textWidth(text: string): number {
  return Array.from(text).reduce((width, character) => width + characterWidth(character), 0);
}

/** Whether a text can be had whole in so many lines that end between words. */
export function fitsIn(text: string, width: number, most: number): boolean {
  return wrapped(text, width, most).join(" ") === oneLine(text);
}

/** The lines of a text, the last one with an ellipsis where that is not all of it. */
export function wrapped(text: string, width: number, most: number): string[] {
  let rest = Array.from(oneLine(text));
  const lines: string[] = [];
  while (rest.length > 0) {
    const count = fitting(rest, width);
    if (count === rest.length) return [...lines, rest.join("")];
    if (lines.length === most - 1) {
      const shown = rest.slice(0, fitting(rest, width - characterWidth("…")));
      return [...lines, `${shown.join("").trimEnd()}…`];
    }
    const end = lineEnd(rest, count);
    lines.push(rest.slice(0, end).join("").trimEnd());
    rest = Array.from(rest.slice(end).join("").trimStart());
  }
  return lines;
}

/** More than is ever shown of a text, so that a text of any length costs the same. */
const longest = 400;

function oneLine(text: string): string {
  return text
    .slice(0, 2 * longest)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, longest);
}

function fitting(characters: string[], width: number): number {
  let used = 0;
  const over = characters.findIndex((character) => {
    used += characterWidth(character);
    return used > width;
  });
  return over === -1 ? characters.length : Math.max(1, over);
}

function lineEnd(characters: string[], count: number): number {
  if (characters[count] === " ") return count;
  const breakAfter = characters
    .slice(0, count)
    .findLastIndex((character, index) => index > 0 && " -_:/,.".includes(character));
  return breakAfter === -1 ? count : breakAfter + 1;
}

/** In the proportions of DejaVu Sans, which is wider than the fonts of other systems. */
function characterWidth(character: string): number {
  if (character >= "\u1100") return fontSize * 1.05;
  if ("iljtfrI.,:;'|!()[] ".includes(character)) return fontSize * 0.38;
  if ("MWmw@%+".includes(character)) return fontSize * 0.95;
  return fontSize * (/[A-Z]/.test(character) ? 0.72 : 0.63);
}
