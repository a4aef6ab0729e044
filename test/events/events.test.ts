import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const EventModuleSchema = z.object({
  detailType: z.string(),
  source: z.string(),
  schema: z.custom<z.ZodType>((value) => value instanceof z.ZodType),
  pattern: z.object({ source: z.array(z.string()), "detail-type": z.array(z.string()) }),
  sample: z.unknown(),
});

const parts = [
  "access.ts",
  "card-difference.ts",
  "cardway-event.ts",
  "define-event.ts",
  "envelope.ts",
  "model-card.ts",
  "risk-rating.ts",
  "sweep-counts.ts",
];
const files = readdirSync(new URL("../../events", import.meta.url)).filter((file) => !parts.includes(file));

describe("every event", () => {
  it.each(files)("%s declares one event whose own sample it accepts", async (file) => {
    const loaded: Record<string, unknown> = await import(
      new URL(`../../events/${file}`, import.meta.url).href
    );
    const declared = Object.values(loaded).flatMap((value) => EventModuleSchema.safeParse(value).data ?? []);

    expect(declared).toHaveLength(1);
    const [event] = declared;
    expect(event?.schema.safeParse(event.sample).error?.issues).toBeUndefined();
    expect(event?.pattern["detail-type"]).toStrictEqual([event?.detailType]);
  });
});
