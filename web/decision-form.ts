import type * as z from "zod";
import { formTokenField } from "./form-token.ts";

/** What a form sent, before it is checked: nothing, a text, or a field that stands there more than once. Untrusted. */
export type SentForm = Record<"decision" | "comment" | "token", string | string[] | undefined>;

/** Why what was sent is no decision, and what to do. */
export interface FormFault {
  field: "decision" | "comment";
  sentence: string;
}

/** Reads a form's body. Line ends are counted as browsers count them in the field: one character each. */
export function sentForm(body: string): SentForm {
  const fields = new URLSearchParams(body);
  const valueOf = (name: string): string | string[] | undefined => {
    const values = fields.getAll(name).map((value) => value.replaceAll("\r\n", "\n"));
    return values.length > 1 ? values : values[0];
  };
  return { decision: valueOf("decision"), comment: valueOf("comment"), token: valueOf(formTokenField) };
}

/** What is wrong with a form, in the words of who filled it in. */
export function formFault({ issues }: z.ZodError, sent: SentForm): FormFault {
  const issue = issues.find(({ path }) => path[0] === "decision") ?? issues[0];
  if (issue?.path[0] !== "comment") {
    return { field: "decision", sentence: "Choose either Approve or Reject, then send your decision again." };
  }
  if (issue.code === "too_big") {
    const length = String(sent.comment).trim().length.toLocaleString("en");
    const most = issue.maximum.toLocaleString("en");
    return {
      field: "comment",
      sentence: `Your comment has ${length} characters, and ${most} is the most. Shorten it, then send your decision again.`,
    };
  }
  if (issue.code === "custom") {
    return {
      field: "comment",
      sentence: "A rejection needs a reason. Write it into the comment, then send your decision again.",
    };
  }
  return { field: "comment", sentence: "Write one comment, or none, then send your decision again." };
}
