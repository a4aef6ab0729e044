import { type Assumptions, type Line, linesOf, totalOf, usageOf } from "./bill.ts";
import type { Counts } from "./journey.ts";
import { usagePrices } from "./prices.ts";

/** How many promotions the figures are for. */
export const promotions = 1_000;

/** What 1,000 promotions of this kind come to. */
export function usageTable(lines: readonly Line[]): string {
  const head = ["what", "per promotion", "price", "dollars per 1,000"];
  return table(head, [...usageRows(lines), ["all", "", "", money(totalOf(lines) * promotions)]]);
}

export function usageRows(lines: readonly Line[]): string[][] {
  return lines.map(({ price, quantity, dollars }) => [
    price.what,
    amountOf(quantity, price.unit),
    priceOf(price),
    money(dollars * promotions),
  ]);
}

/** What stands there for a month. */
export function monthlyTable(lines: readonly Line[]): string {
  const head = ["what", "how many", "price a month", "dollars a month"];
  return table(head, [...monthlyRows(lines), ["all", "", "", money(totalOf(lines))]]);
}

export function monthlyRows(lines: readonly Line[]): string[][] {
  return lines.map(({ price, quantity, dollars }) => [
    price.what,
    `${quantity}`,
    priceOf(price),
    money(dollars),
  ]);
}

/** Which function is invoked how often, and what Lambda's time is made of. */
export function functionTable({ functions }: Counts): string {
  return table(
    ["function", "invocations", "cold starts", "AWS calls", "computing here"],
    Object.entries(functions).map(([folder, { invocations, coldStarts, calls, computeMs }]) => [
      `\`${folder}\``,
      ...[invocations, coldStarts, calls].map(String),
      `${Math.round(computeMs)} ms`,
    ]),
  );
}

/** How much dearer or cheaper other journeys are. */
export function journeyTable(
  journeys: readonly { name: string; counts: Counts }[],
  assumptions: Assumptions,
): string {
  return table(
    ["journey", "executions", "transitions", "invocations", "mails", "HTTP requests", "dollars per 1,000"],
    journeys.map(({ name, counts }) => {
      const usage = usageOf(counts, assumptions);
      const { transitions, invocations, mails, httpRequests } = usage;
      return [
        name,
        ...[counts.executions, transitions, invocations, mails, httpRequests].map(String),
        money(totalOf(linesOf(usage, usagePrices)) * promotions),
      ];
    }),
  );
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function priceOf({ dollars, per, unit }: Line["price"]): string {
  return `$${dollars} per ${per === 1 ? "" : `${per.toLocaleString("en-US")} `}${unit}`;
}

function money(dollars: number): string {
  return dollars.toFixed(dollars < 0.1 ? 3 : 2);
}

function amountOf(quantity: number, unit: string): string {
  if (unit === "GB") return `${Math.round(quantity * 1_000_000)} kB`;
  return `${Number.isInteger(quantity) ? quantity : quantity.toFixed(1)} ${unit}`;
}
