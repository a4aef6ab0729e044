import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { cardwaySource } from "../../../events/cardway-event.ts";
import type { AuditEntry } from "../../../functions/records/audit-chain.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { toldBy, toldKinds } from "../../../web/console/timeline-words.ts";

const EventSchema = z.object({
  source: z.string(),
  detailType: z.string(),
  sample: z.object({ detail: z.record(z.string(), z.unknown()) }),
});

/** Every event of Cardway's own that is about a card, which therefore is on record. */
const events: z.output<typeof EventSchema>[] = [];
for (const file of readdirSync(new URL("../../../events", import.meta.url))) {
  const module: object = await import(new URL(`../../../events/${file}`, import.meta.url).href);
  for (const exported of Object.values(module)) {
    const { data } = EventSchema.safeParse(exported);
    if (data?.source === cardwaySource && "effectId" in data.sample.detail) events.push(data);
  }
}

function entryOf({ detailType, sample: { detail } }: (typeof events)[number]): AuditEntry {
  return {
    modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn",
    effectId: "0b8f3f0e-7a55-5f43-9f10-3a1c5a0f6b52",
    at: "2026-11-22T09:30:00.000Z",
    position: 0,
    detailType,
    detail,
    sequence: 1,
    previousHash: "",
    hash: "",
  };
}

describe("toldBy", () => {
  it("has words for every event that is on record", () => {
    expect([...toldKinds].sort()).toStrictEqual(events.map(({ detailType }) => detailType).sort());
  });

  it.each(events)("tells $detailType in a sentence of its own", (event) => {
    const { what, more } = toldBy(entryOf(event), lifecycleSettings);

    expect(what).not.toBe(event.detailType);
    expect(what).toMatch(/^[A-Za-z].*[^.]$/);
    expect(`${what} ${more}`).not.toMatch(/\[object|NaN/);
  });

  it("names people as the settings do", () => {
    const [decided] = events.filter(({ detailType }) => detailType === "ApprovalDecided");
    if (decided === undefined) throw new Error("no such event");

    expect(toldBy(entryOf(decided), lifecycleSettings)).toStrictEqual({
      what: "Model approver approved the card, which decided the request",
      tone: "good",
      more: undefined,
      said: [{ name: "Model approver", approve: true, comment: "Reviewed with the validation report." }],
    });
  });

  it("gives the kind alone of what it does not know", () => {
    const [any] = events;
    if (any === undefined) throw new Error("no event");

    expect(toldBy({ ...entryOf(any), detailType: "LaterEvent" }, lifecycleSettings)).toStrictEqual({
      what: "LaterEvent",
      tone: "plain",
    });
    expect(toldBy({ ...entryOf(any), detail: {} }, lifecycleSettings).what).toBe(any.detailType);
  });
});
