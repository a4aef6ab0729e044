import axe from "axe-core";
import type { Page } from "playwright-core";
import * as z from "zod";

const ViolationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

/** What axe has to say against a page, by all its rules of WCAG 2.2 A and AA and its best practices. */
export async function faultsOf(page: Page): Promise<z.output<typeof ViolationsSchema>> {
  await page.evaluate(axe.source);
  const violations: unknown = await page.evaluate("axe.run(document).then(({ violations }) => violations)");
  return ViolationsSchema.parse(violations);
}

/** How many pixels a page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  const overflow: unknown = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  return z.number().parse(overflow);
}

/** How every page is looked at. */
export const looks = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 360 },
  { colorScheme: "dark", width: 360 },
] as const;
