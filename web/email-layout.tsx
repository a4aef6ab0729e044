import { raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Email } from "../functions/aws/email.ts";

/** What a mail says, piece by piece. Texts are plain and, where they are untrusted, made safe already. */
export interface EmailContent {
  subject: string;
  /** Colours the mail's upper edge; what it means is always said in words too. */
  tone: "question" | "good" | "bad" | "neutral";
  blocks: EmailBlock[];
}

export type EmailBlock =
  | { kind: "paragraph"; text: string; weight?: "strong" | "quiet" }
  | { kind: "facts"; facts: EmailFact[] }
  | { kind: "action"; label: string; link: string }
  | { kind: "votes"; title: string; votes: EmailVote[] };

export interface EmailFact {
  name: string;
  /** More than one line where there are several of a kind. */
  value: string | string[];
  /** For machines, to be copied: never broken over lines. */
  isCode?: boolean;
}

export interface EmailVote {
  voter: string;
  verdict: "approved" | "rejected";
  on: string;
  /** In lines that end in `\n`; empty where there is none. */
  comment: string;
}

/** The mail in both forms. They are made of the same blocks, so that both say the same. */
export function emailOf(content: EmailContent): Email {
  return { subject: content.subject, text: textForm(content), html: htmlForm(content) };
}

export function paragraph(text: string, weight?: "strong" | "quiet"): EmailBlock {
  return { kind: "paragraph", text, ...(weight && { weight }) };
}

const sender = "Sent by Cardway";

const textWidth = 72;

function textForm({ blocks }: EmailContent): string {
  const parts = blocks.map((block) => textLines(block).join("\n"));
  return `${[...parts, sender].join("\n\n")}\n`;
}

function textLines(block: EmailBlock): string[] {
  if (block.kind === "facts") return factLines(block.facts);
  if (block.kind === "action") return [`${block.label}:`, block.link];
  if (block.kind === "votes") return [`${block.title}:`, ...block.votes.flatMap(voteLines)];
  return wrapped(block.text, textWidth);
}

function factLines(facts: EmailFact[]): string[] {
  const column = Math.max(...facts.map(({ name }) => name.length)) + 2;
  return facts.flatMap(({ name, value, isCode = false }) =>
    [value]
      .flat()
      .flatMap((line) => (isCode ? [line] : wrapped(line, textWidth - column)))
      .map((line, index) => `${(index === 0 ? `${name}:` : "").padEnd(column)}${line}`),
  );
}

/** Every line of a comment is marked, also where it is wrapped, so that none looks like a line of the mail itself. */
function voteLines({ voter, verdict, on, comment }: EmailVote): string[] {
  const head = `${voter} ${verdict} on ${on}`;
  if (comment === "") return ["", ...wrapped(`${head}, without a comment.`, textWidth)];
  const lines = comment.split("\n").flatMap((line) => wrapped(line, textWidth - 2));
  return ["", ...wrapped(`${head}:`, textWidth), ...lines.map((line) => `> ${line}`)];
}

/** Breaks a line at its spaces, and within words that are longer than a line. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(" ").map((word) => Array.from(word))) {
    if (line.length > 0 && line.length + 1 + word.length > width) {
      lines.push(line.join(""));
      line = [];
    }
    line.push(...(line.length > 0 ? [" "] : []), ...word);
    while (line.length > width) lines.push(line.splice(0, width).join(""));
  }
  return [...lines, line.join("")];
}

const light = {
  page: "#f4f6f8",
  surface: "#ffffff",
  sunken: "#f7f9fa",
  text: "#17202a",
  muted: "#566472",
  line: "#dbe1e7",
  accent: "#0b5cad",
  accentText: "#ffffff",
  good: "#116b3a",
  bad: "#a8201a",
  neutral: "#788592",
};

const dark: typeof light = {
  page: "#10151b",
  surface: "#181f27",
  sunken: "#1e2630",
  text: "#e8edf2",
  muted: "#a2afbc",
  line: "#2c3743",
  accent: "#6db1f5",
  accentText: "#0b1722",
  good: "#6fd197",
  bad: "#ff9d94",
  neutral: "#6b7a89",
};

const toneColours = { question: "accent", good: "good", bad: "bad", neutral: "neutral" } as const;

/** The inline styles are the light form; programs that know no dark form show that one. */
const stylesheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .edge { padding: 0 !important; }
  .card { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important; }
  .inside { padding: 24px 20px !important; border-radius: 0 !important; }
  .fact th, .fact td { display: block !important; width: auto !important; padding-right: 0 !important; }
  .fact th { padding-bottom: 0 !important; border-bottom: 0 !important; }
  .fact td { padding-top: 0 !important; }
  .button { width: 100% !important; }
  .button a { display: block !important; text-align: center !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background: ${dark.page} !important; }
  .surface { background: ${dark.surface} !important; }
  .sunken { background: ${dark.sunken} !important; }
  .text { color: ${dark.text} !important; }
  .muted { color: ${dark.muted} !important; }
  .line { border-color: ${dark.line} !important; }
  .button td { background: ${dark.accent} !important; }
  .button a { background: ${dark.accent} !important; border-color: ${dark.accent} !important; color: ${dark.accentText} !important; }
  .good { color: ${dark.good} !important; }
  .bad { color: ${dark.bad} !important; }
  .tone-accent { border-top-color: ${dark.accent} !important; }
  .tone-good { border-top-color: ${dark.good} !important; }
  .tone-bad { border-top-color: ${dark.bad} !important; }
  .tone-neutral { border-top-color: ${dark.neutral} !important; }
}
`;

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = "font-family:Menlo,Consolas,monospace";

function htmlForm(content: EmailContent): string {
  const page = <HtmlForm {...content} />;
  if (page instanceof Promise) throw new TypeError("A mail has no parts that are awaited.");
  return `<!doctype html>${page.toString()}`;
}

/** Mail programs know neither outside stylesheets nor grids: tables and inline styles. */
function HtmlForm({ subject, tone, blocks }: EmailContent): JSX.Element {
  const colour = toneColours[tone];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style>{raw(stylesheet)}</style>
      </head>
      <body
        class="page text"
        style={`margin:0;padding:0;background:${light.page};color:${light.text};${font}`}
      >
        <Table class="page" style={`background:${light.page}`}>
          <tr>
            <td class="edge" align="center" style="padding:24px 12px">
              <Table
                class="card surface line"
                style={`max-width:600px;background:${light.surface};border:1px solid ${light.line};border-radius:10px;border-collapse:separate`}
              >
                <tr>
                  <td
                    class={`inside text tone-${colour}`}
                    align="left"
                    style={`padding:28px 32px;border-top:4px solid ${light[colour]};border-radius:10px 10px 0 0;${font};font-size:16px;line-height:24px;color:${light.text}`}
                  >
                    <h1 style="margin:0 0 16px;font-size:20px;line-height:27px;overflow-wrap:anywhere">
                      {subject}
                    </h1>
                    {blocks.map((block) => (
                      <Block {...block} />
                    ))}
                    {blocks.map((block) =>
                      block.kind === "action" ? <ReadableLink link={block.link} /> : <></>,
                    )}
                  </td>
                </tr>
              </Table>
              <p
                class="muted"
                style={`margin:0;padding:16px;${font};font-size:13px;line-height:19px;color:${light.muted}`}
              >
                {sender}
              </p>
            </td>
          </tr>
        </Table>
      </body>
    </html>
  );
}

function Table({
  class: classes,
  style,
  children,
}: {
  class: string;
  style: string;
  children: JSX.Element | JSX.Element[];
}): JSX.Element {
  return (
    <table role="presentation" class={classes} width="100%" cellpadding="0" cellspacing="0" style={style}>
      {children}
    </table>
  );
}

function Block(block: EmailBlock): JSX.Element {
  if (block.kind === "facts") return <Facts facts={block.facts} />;
  if (block.kind === "action") return <Action label={block.label} link={block.link} />;
  if (block.kind === "votes") return <Votes title={block.title} votes={block.votes} />;
  return <Paragraph text={block.text} weight={block.weight} />;
}

function Paragraph({ text, weight }: { text: string; weight: "strong" | "quiet" | undefined }): JSX.Element {
  if (weight === "quiet") {
    const style = `margin:0 0 10px;font-size:14px;line-height:21px;color:${light.muted};overflow-wrap:anywhere`;
    return (
      <p class="muted" style={style}>
        {text}
      </p>
    );
  }
  return (
    <p style="margin:0 0 12px;overflow-wrap:anywhere">
      {weight === "strong" ? <strong>{text}</strong> : text}
    </p>
  );
}

function Facts({ facts }: { facts: EmailFact[] }): JSX.Element {
  const cell = `padding:8px 0;border-bottom:1px solid ${light.line};vertical-align:top;text-align:left;`;
  return (
    <table
      class="line"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style={`margin:20px 0;font-size:15px;line-height:22px;border-top:1px solid ${light.line}`}
    >
      {facts.map(({ name, value, isCode = false }) => (
        <tr class="fact">
          <th
            scope="row"
            class="line muted"
            style={`${cell}width:136px;padding-right:16px;font-weight:normal;color:${light.muted}`}
          >
            {name}
          </th>
          <td
            class="line text"
            style={`${cell}color:${light.text};overflow-wrap:anywhere;${isCode ? `${mono};font-size:13px;word-break:break-all` : ""}`}
          >
            <Lines lines={[value].flat()} />
          </td>
        </tr>
      ))}
    </table>
  );
}

function Action({ label, link }: { label: string; link: string }): JSX.Element {
  return (
    <table role="presentation" class="button" cellpadding="0" cellspacing="0" style="margin:20px 0">
      <tr>
        <td bgcolor={light.accent} style={`border-radius:8px;background:${light.accent}`}>
          <a
            href={link}
            style={`display:inline-block;padding:12px 26px;background:${light.accent};border:1px solid ${light.accent};border-radius:8px;color:${light.accentText};font-weight:600;text-decoration:none`}
          >
            {label}
          </a>
        </td>
      </tr>
    </table>
  );
}

function ReadableLink({ link }: { link: string }): JSX.Element {
  return (
    <p class="muted" style={`margin:20px 0 0;font-size:13px;line-height:19px;color:${light.muted}`}>
      If the button does not work, copy this link into a browser:
      <br />
      <span style={`${mono};font-size:12px;word-break:break-all`}>{link}</span>
    </p>
  );
}

function Votes({ title, votes }: { title: string; votes: EmailVote[] }): JSX.Element {
  return (
    <>
      <h2 style="margin:20px 0 4px;font-size:16px;line-height:24px">{title}</h2>
      {votes.map(({ voter, verdict, on, comment }) => {
        const tone = verdict === "approved" ? "good" : "bad";
        return (
          <>
            <p style="margin:8px 0;font-size:15px;line-height:22px;overflow-wrap:anywhere">
              <strong>{voter}</strong>{" "}
              <strong class={tone} style={`color:${light[tone]}`}>
                {verdict}
              </strong>{" "}
              <span class="muted" style={`color:${light.muted}`}>
                {comment === "" ? `on ${on}, without a comment.` : `on ${on}:`}
              </span>
            </p>
            {comment !== "" && <Quote text={comment} />}
          </>
        );
      })}
    </>
  );
}

function Quote({ text }: { text: string }): JSX.Element {
  return (
    <Table class="sunken" style={`margin:0 0 16px;background:${light.sunken}`}>
      <tr>
        <td
          dir="auto"
          class="line text"
          style={`padding:10px 14px;border-left:3px solid ${light.line};font-size:15px;line-height:22px;color:${light.text};overflow-wrap:anywhere`}
        >
          <Lines lines={text.split("\n")} />
        </td>
      </tr>
    </Table>
  );
}

function Lines({ lines }: { lines: string[] }): JSX.Element {
  return (
    <>
      {lines.map((line, index) => (
        <>
          {index > 0 && <br />}
          {line}
        </>
      ))}
    </>
  );
}
