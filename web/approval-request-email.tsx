import type { JSX } from "hono/jsx/jsx-runtime";
import type { Email } from "../functions/aws/email.ts";
import type { ApprovalRequest } from "../functions/records/approval-request.ts";
import { statusName } from "./approval-words.ts";
import { timeText } from "./time.tsx";

interface ApprovalRequestMail {
  request: ApprovalRequest;
  approverName: string;
  modelCardName: string;
  /** The approver's own link, complete. */
  link: string;
}

/** The mail that asks one approver about one version of a card. Both forms say the same; neither loads anything. */
export function approvalRequestEmail({
  request,
  approverName,
  modelCardName,
  link,
}: ApprovalRequestMail): Email {
  const { version, status } = request.card;
  const name = singleLine(modelCardName);
  const subject = version === undefined ? name : `${name} version ${version}`;
  const facts: [string, string][] = [
    ["Model card", name],
    ["Version", String(version ?? "unknown")],
    ["Status", statusName(status)],
    ["Asked", request.approvers.map((asked) => singleLine(asked.name)).join(", ")],
    ["Answer until", timeText(request.expiresAt)],
  ];
  const words = {
    greeting: `Hello ${singleLine(approverName)},`,
    question: `${subject} waits for your review: approve it or reject it.`,
    action: version === undefined ? "Review the card" : `Review version ${version}`,
    harmless: "Opening the link changes nothing. You decide on the page that it opens.",
    personal:
      "The link is yours alone, and what is decided with it is recorded under your name: do not forward it.",
    expiry:
      "The first decision counts. If nobody decides in time, the request ends and the card stays as it is.",
  };
  return {
    subject: `Approve ${subject}?`,
    text: textForm(words, facts, link),
    html: rendered(<HtmlForm title={`Approve ${subject}?`} words={words} facts={facts} link={link} />),
  };
}

type Words = Record<"greeting" | "question" | "action" | "harmless" | "personal" | "expiry", string>;

function textForm(words: Words, facts: [string, string][], link: string): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    words.greeting,
    "",
    words.question,
    "",
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`),
    "",
    `${words.action}:`,
    link,
    "",
    words.harmless,
    words.personal,
    words.expiry,
    "",
    "Cardway",
    "",
  ].join("\n");
}

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Mail programs know neither stylesheets nor grids: tables and inline styles. */
function HtmlForm({
  title,
  words,
  facts,
  link,
}: {
  title: string;
  words: Words;
  facts: [string, string][];
  link: string;
}): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
      </head>
      <body style={`margin:0;padding:0;background:#f4f6f8;color:#17202a;${font}`}>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f6f8">
          <tr>
            <td align="center" style="padding:24px 12px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width:560px;background:#ffffff;border:1px solid #dbe1e7;border-radius:10px"
              >
                <tr>
                  <td style={`padding:28px 28px 24px;${font};font-size:16px;line-height:24px;color:#17202a`}>
                    <h1 style="margin:0 0 16px;font-size:20px;line-height:26px;overflow-wrap:anywhere">
                      {title}
                    </h1>
                    <p style="margin:0 0 12px">{words.greeting}</p>
                    <p style="margin:0 0 20px;overflow-wrap:anywhere">{words.question}</p>
                    <FactsTable facts={facts} />
                    <p style="margin:24px 0">
                      <a
                        href={link}
                        style="display:inline-block;padding:13px 26px;background:#0b5cad;border-radius:8px;color:#ffffff;font-weight:600;text-decoration:none"
                      >
                        {words.action}
                      </a>
                    </p>
                    <p style="margin:0 0 12px">
                      <strong>{words.harmless}</strong>
                    </p>
                    <p style="margin:0 0 12px;font-size:14px;line-height:21px;color:#566472">
                      {words.personal} {words.expiry}
                    </p>
                    <p style="margin:20px 0 0;padding-top:16px;border-top:1px solid #dbe1e7;font-size:13px;line-height:19px;color:#566472">
                      If the button does not work, copy this link into a browser:
                      <br />
                      <span style="font-family:Menlo,Consolas,monospace;font-size:12px;word-break:break-all">
                        {link}
                      </span>
                    </p>
                  </td>
                </tr>
              </table>
              <p style={`margin:16px 0 0;${font};font-size:13px;line-height:19px;color:#566472`}>
                Sent by Cardway
              </p>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
}

function FactsTable({ facts }: { facts: [string, string][] }): JSX.Element {
  const cell = "padding:8px 0;border-bottom:1px solid #dbe1e7;vertical-align:top;text-align:left;";
  return (
    <table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style="font-size:15px;line-height:22px;border-top:1px solid #dbe1e7"
    >
      {facts.map(([name, value]) => (
        <tr>
          <th scope="row" style={`${cell}width:110px;padding-right:16px;font-weight:normal;color:#566472`}>
            {name}
          </th>
          <td style={`${cell}overflow-wrap:anywhere`}>{value}</td>
        </tr>
      ))}
    </table>
  );
}

function rendered(page: JSX.Element): string {
  if (page instanceof Promise) throw new TypeError("A mail has no parts that are awaited.");
  return `<!doctype html>${page.toString()}`;
}

/** A name with a line break in it could start a line of its own, or a header. */
function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
