import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
  ListEmailIdentitiesCommand,
  SendEmailCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import type { SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import { describe, expect, it } from "vitest";
import { createSes } from "../../../local/ses/ses.ts";
import { AwsError } from "../../../local/wire/aws-error.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

function setUp(settings: Parameters<typeof createSes>[1] = {}) {
  const context = testContext();
  const ses = createSes(context, settings);
  const client = new SESv2Client(sdkClientSettings(ses.service));
  return { context, ses, client };
}

function mail(changes: Partial<SendEmailCommandInput> = {}): SendEmailCommand {
  return new SendEmailCommand({
    FromEmailAddress: "Cardway <cardway@example.com>",
    Destination: { ToAddresses: ["approver@example.com"] },
    Content: {
      Simple: {
        Subject: { Data: "Please review" },
        Body: { Text: { Data: "plain" }, Html: { Data: "<p>html</p>" } },
      },
    },
    ...changes,
  });
}

function page(ses: ReturnType<typeof createSes>, method: string, query = "") {
  const route = ses.extraRoutes.find((candidate) => candidate.method === method);
  return route?.handle({
    method,
    path: "/_aws/ses",
    query: new URLSearchParams(query),
    headers: {},
    body: new Uint8Array(),
  });
}

async function pageMessages(ses: ReturnType<typeof createSes>, query = ""): Promise<{ Id: string }[]> {
  const response = await page(ses, "GET", query);
  return JSON.parse(String(response?.body)).messages;
}

describe("SendEmail", () => {
  it("keeps the mail instead of sending it", async () => {
    const { context, ses, client } = setUp();

    const { MessageId } = await client.send(
      mail({
        Destination: {
          ToAddresses: ["An Approver <approver@example.com>"],
          CcAddresses: ["deputy@example.com"],
          BccAddresses: ["audit@example.com"],
        },
        ReplyToAddresses: ["owner@example.com"],
        EmailTags: [{ Name: "lifecycle", Value: "default" }],
      }),
    );

    expect(ses.messages()).toStrictEqual([
      {
        Id: MessageId,
        Timestamp: context.clock.now().toISOString(),
        AccountId: "111111111111",
        Region: "eu-central-1",
        Source: "Cardway <cardway@example.com>",
        Destination: {
          ToAddresses: ["An Approver <approver@example.com>"],
          CcAddresses: ["deputy@example.com"],
          BccAddresses: ["audit@example.com"],
        },
        ReplyToAddresses: ["owner@example.com"],
        Subject: "Please review",
        Body: { text_part: "plain", html_part: "<p>html</p>" },
        Tags: [{ Name: "lifecycle", Value: "default" }],
      },
    ]);
  });

  it("tells listeners of each mail until they leave", async () => {
    const { ses, client } = setUp();
    const heard: string[] = [];
    const leave = ses.onMessage(({ Subject }) => heard.push(Subject));

    await client.send(mail());
    leave();
    await client.send(mail());

    expect(heard).toStrictEqual(["Please review"]);
  });

  it.each([
    ["no destination", { Destination: {} }, "The destination has no address."],
    ["no sender", { FromEmailAddress: undefined }, "FromEmailAddress is missing."],
    [
      "51 recipients",
      { Destination: { BccAddresses: Array.from({ length: 51 }, (_, index) => `a${index}@example.com`) } },
      "Recipient count exceeds 50.",
    ],
    ["an address without a domain", { Destination: { ToAddresses: ["nobody"] } }, "Missing final '@domain'"],
    ["an address without a name", { Destination: { ToAddresses: ["@example.com"] } }, "Missing local name"],
    [
      "a space in the address",
      { Destination: { ToAddresses: ["no body@example.com"] } },
      "Local address contains control or whitespace",
    ],
    [
      "a bad domain",
      { Destination: { ToAddresses: ["nobody@exa mple.com"] } },
      "Domain contains illegal character",
    ],
    [
      "two dots in the domain",
      { Destination: { ToAddresses: ["nobody@example..com"] } },
      "Domain contains dot-dot",
    ],
    [
      "two addresses in one",
      { Destination: { ToAddresses: ["a@b.com, c@d.com"] } },
      "Local address contains control or whitespace",
    ],
    ["a bad address to reply to", { ReplyToAddresses: ["nobody"] }, "Missing final '@domain'"],
    ["no content", { Content: {} }, "Content must have exactly one of Simple, Raw and Template."],
    [
      "an empty body",
      { Content: { Simple: { Subject: { Data: "s" }, Body: {} } } },
      "The body needs a Text or an Html part.",
    ],
    [
      "a line break in a header",
      {
        Content: {
          Simple: {
            Subject: { Data: "s" },
            Body: { Text: { Data: "t" } },
            Headers: [{ Name: "X-Link", Value: "a\nb" }],
          },
        },
      },
      "A header's value is not valid.",
    ],
  ] satisfies [string, Partial<SendEmailCommandInput>, string][])(
    "refuses %s",
    async (_case, changes, text) => {
      const { ses, client } = setUp();

      const sent = client.send(mail(changes));

      await expect(sent).rejects.toMatchObject({
        name: "BadRequestException",
        message: text,
      });
      expect(ses.messages()).toStrictEqual([]);
    },
  );

  it.each([
    ["Content.Raw", { Raw: { Data: new TextEncoder().encode("Subject: x") } }],
    ["Content.Template", { Template: { TemplateName: "t", TemplateData: "{}" } }],
  ])("refuses %s with a log line", async (kind, Content) => {
    const { context, client } = setUp();

    await expect(client.send(mail({ Content }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: `${kind} is not built in the local endpoint; send Content.Simple.`,
    });
    expect(context.lines).toStrictEqual([`ses: SendEmail with ${kind} is not built in the local endpoint`]);
  });

  it("refuses members that are not modelled", async () => {
    const { client } = setUp();

    await expect(client.send(mail({ TenantName: "tenant" }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: expect.stringContaining("tenantName"),
    });
  });

  it("refuses a configuration set that does not exist", async () => {
    const { client } = setUp();

    await expect(client.send(mail({ ConfigurationSetName: "tracking" }))).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Configuration set <tracking> does not exist.",
    });
  });

  it("sends with a configuration set that exists, in its own account and Region", async () => {
    const { ses, client } = setUp();
    const configurationSet = { accountId: "111111111111", configurationSetName: "cardway" };
    ses.createConfigurationSet({ ...configurationSet, region: "us-east-1" });

    await expect(client.send(mail({ ConfigurationSetName: "cardway" }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
    ses.createConfigurationSet({ ...configurationSet, region: "eu-central-1" });
    await client.send(mail({ ConfigurationSetName: "cardway" }));

    expect(ses.messages()).toHaveLength(1);
  });

  it("refuses an unverified sender only when verified identities are configured", async () => {
    const { ses, client } = setUp({ verifiedIdentities: ["Example.org"] });

    await client.send(mail({ FromEmailAddress: "cardway@mail.example.org" }));

    await expect(client.send(mail())).rejects.toMatchObject({
      name: "MessageRejected",
      message:
        "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: cardway@example.com",
    });
    expect(ses.messages()).toHaveLength(1);
  });

  it("refuses a mail to an address whose delivery is told to fail", async () => {
    const { ses, client } = setUp({
      failFor: (address) =>
        address === "bounce@example.com" ? new AwsError("SendingPausedException", "Paused.") : undefined,
    });

    await client.send(mail());
    const failing = client.send(mail({ Destination: { ToAddresses: ["B <bounce@example.com>"] } }));

    await expect(failing).rejects.toMatchObject({ name: "SendingPausedException" });
    expect(ses.messages()).toHaveLength(1);
  });

  it.each([
    [[], "arn:aws:ses:eu-central-1:111111111111:identity/cardway@example.com"],
    [["example.com"], "arn:aws:ses:eu-central-1:111111111111:identity/example.com"],
    [
      ["example.com", "cardway@example.com"],
      "arn:aws:ses:eu-central-1:111111111111:identity/cardway@example.com",
    ],
  ])("asks for the permission on the sender's identity among %j", async (emailIdentities, resource) => {
    const { ses } = setUp();
    for (const emailIdentity of emailIdentities) {
      ses.createEmailIdentity({ accountId: "111111111111", region: "eu-central-1", emailIdentity });
    }
    const asked: Permission[] = [];
    const client = new SESv2Client(
      sdkClientSettings(ses.service, { authorize: (permissions) => void asked.push(...permissions) }),
    );

    await client.send(mail());

    expect(asked).toMatchObject([{ action: "ses:SendEmail", resource }]);
  });
});

describe("the page /_aws/ses", () => {
  it("lists the mails, oldest first, and narrows by id and by address", async () => {
    const { ses, client } = setUp();
    const first = await client.send(mail());
    const second = await client.send(mail({ Destination: { ToAddresses: ["Other <other@example.com>"] } }));

    const ids = async (query: string) => (await pageMessages(ses, query)).map(({ Id }) => Id);

    expect(await ids("")).toStrictEqual([first.MessageId, second.MessageId]);
    expect(await ids(`id=${first.MessageId}`)).toStrictEqual([first.MessageId]);
    expect(await ids("email=OTHER@example.com")).toStrictEqual([second.MessageId]);
    expect(await ids("email=cardway@example.com")).toStrictEqual([first.MessageId, second.MessageId]);
    expect(await ids("email=her@example.com")).toStrictEqual([]);
  });

  it("clears one mail or all", async () => {
    const { ses, client } = setUp();
    const { MessageId } = await client.send(mail());
    const kept = await client.send(mail());

    await page(ses, "DELETE", `id=${MessageId}`);
    const afterOne = ses.messages().map(({ Id }) => Id);
    await page(ses, "DELETE");

    expect(afterOne).toStrictEqual([kept.MessageId]);
    expect(ses.messages()).toStrictEqual([]);
  });

  it("keeps only the newest mails and says so", async () => {
    const { context, ses, client } = setUp({ keepMessages: 2 });
    const subjects = ["one", "two", "three", "four"];

    for (const Data of subjects) {
      await client.send(mail({ Content: { Simple: { Subject: { Data }, Body: { Text: { Data: "t" } } } } }));
    }

    expect(ses.messages().map(({ Subject }) => Subject)).toStrictEqual(["three", "four"]);
    expect(context.lines).toStrictEqual(["ses: only the newest 2 mails are kept; 1 older ones were dropped"]);
    expect(JSON.parse(String((await page(ses, "GET"))?.body)).dropped).toBe(2);
  });
});

describe("email identities", () => {
  it("are created, shown, listed and deleted", async () => {
    const { client } = setUp();

    const created = await client.send(new CreateEmailIdentityCommand({ EmailIdentity: "example.com" }));
    const shown = await client.send(new GetEmailIdentityCommand({ EmailIdentity: "EXAMPLE.com" }));
    const listed = await client.send(new ListEmailIdentitiesCommand({}));
    await client.send(new DeleteEmailIdentityCommand({ EmailIdentity: "example.com" }));

    expect(created).toMatchObject({ IdentityType: "DOMAIN", VerifiedForSendingStatus: true });
    expect(shown).toMatchObject({ IdentityType: "DOMAIN", VerificationStatus: "SUCCESS" });
    expect(listed.EmailIdentities).toStrictEqual([
      {
        IdentityName: "example.com",
        IdentityType: "DOMAIN",
        SendingEnabled: true,
        VerificationStatus: "SUCCESS",
      },
    ]);
    await expect(
      client.send(new GetEmailIdentityCommand({ EmailIdentity: "example.com" })),
    ).rejects.toMatchObject({ name: "NotFoundException" });
  });

  it("cannot be created twice", async () => {
    const { client } = setUp();
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: "a@example.com" }));

    await expect(
      client.send(new CreateEmailIdentityCommand({ EmailIdentity: "a@example.com" })),
    ).rejects.toMatchObject({ name: "AlreadyExistsException" });
  });

  it("wait for verification when verified identities are configured", async () => {
    const { client } = setUp({ verifiedIdentities: ["example.com"] });
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: "other.com" }));

    const { EmailIdentities } = await client.send(new ListEmailIdentitiesCommand({ PageSize: 1 }));
    const other = await client.send(new GetEmailIdentityCommand({ EmailIdentity: "other.com" }));

    expect(EmailIdentities).toMatchObject([{ IdentityName: "example.com", VerificationStatus: "SUCCESS" }]);
    expect(other.VerificationStatus).toBe("PENDING");
    await expect(client.send(mail({ FromEmailAddress: "a@other.com" }))).rejects.toMatchObject({
      name: "MessageRejected",
    });
  });
});

describe("GetAccount", () => {
  it("counts the recipients of the last 24 hours", async () => {
    const { context, client } = setUp();
    await client.send(
      mail({ Destination: { ToAddresses: ["a@example.com"], CcAddresses: ["b@example.com"] } }),
    );
    await context.clock.advance(23 * 60 * 60 * 1000);
    await client.send(mail());

    const today = await client.send(new GetAccountCommand({}));
    await context.clock.advance(2 * 60 * 60 * 1000);
    const later = await client.send(new GetAccountCommand({}));

    expect(today.SendQuota?.SentLast24Hours).toBe(3);
    expect(later.SendQuota?.SentLast24Hours).toBe(1);
  });
});

describe("GetSuppressedDestination", () => {
  it("knows no address, because nothing bounces here, and refuses what is no address", async () => {
    const { client } = setUp();
    const get = (EmailAddress: string) => client.send(new GetSuppressedDestinationCommand({ EmailAddress }));

    await expect(get("approver@example.com")).rejects.toMatchObject({
      name: "NotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(get("nobody")).rejects.toMatchObject({
      name: "BadRequestException",
      message: "Missing final '@domain'",
    });
  });
});
