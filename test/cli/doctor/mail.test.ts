import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { describe, expect, it } from "vitest";
import { createClients } from "../../../cli/doctor/clients.ts";
import { readMail, recipientsOf } from "../../../cli/doctor/mail.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import repositorySettings from "../../../lifecycle.config.ts";
import { accounts } from "../../workflow/test-cloud.ts";
import { createDoctorWorld } from "./doctor-world.ts";

const { policyVersion: _derived, ...input } = repositorySettings;
const withSender = (sender: string) => defineSettings({ ...input, approval: { ...input.approval, sender } });

describe("readMail", () => {
  it.each([
    ["cards@mail.verified.example", "verified"],
    ["cards@elsewhere.example", "missing"],
  ])("finds the sender %s %s by its domain", async (sender, state) => {
    const { accessOf } = createDoctorWorld();
    const { profile: _none, ...config } = accessOf(accounts.owner);
    await new SESv2Client(config).send(new CreateEmailIdentityCommand({ EmailIdentity: "verified.example" }));

    const facts = await readMail(createClients(accessOf(accounts.owner)), withSender(sender));

    expect(facts.sender).toStrictEqual({ seen: state });
  });

  it("asks about each address and domain once", async () => {
    const { accessOf, calls } = createDoctorWorld();

    await readMail(createClients(accessOf(accounts.owner)), repositorySettings);

    const asked = calls.filter((call) => call.includes("/identities/"));
    expect(asked).toHaveLength(new Set(asked).size);
  });
});

describe("recipientsOf", () => {
  it("names everybody who approves or makes cards, once for each address", () => {
    const [first] = input.approvers;
    const authors = [...input.authors, { ...input.authors[0], id: "again", address: first?.address ?? "" }];
    const settings = defineSettings({
      ...input,
      authors: authors.map((author) => ({ name: "x", ...author })),
    });

    expect(recipientsOf(settings).map(({ id }) => id)).toStrictEqual([
      "model-approver",
      "risk-officer",
      "head-of-models",
      "data-science-team",
    ]);
  });
});
