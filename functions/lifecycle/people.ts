import * as z from "zod";
import { NameSchema } from "./name.ts";
import { literally, matchesPattern } from "./pattern.ts";

/** The cards that a person answers for: those that fit everything that is given here. */
const ResponsibilitySchema = z
  .strictObject({
    /** Card names; `*` stands for any characters. */
    cards: z.array(z.string().min(1)).min(1).optional(),
    /** Lines of business, as the cards name them; upper and lower case are the same. */
    linesOfBusiness: z.array(z.string().min(1)).min(1).optional(),
    lifecycles: z.array(NameSchema).min(1).optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    error: "must name cards, linesOfBusiness or lifecycles",
  });

const PersonSchema = z.strictObject({
  /** Names the person in records and links; never changes. */
  id: NameSchema,
  name: z.string().min(1).max(100),
  address: z.email({ error: "must be an e-mail address" }),
  /** How SageMaker, IAM and the cards name this person (user profile names or ARNs, role session or user ARNs). */
  identities: z.array(z.string().min(1)).default([]),
  /** Every card, if left out. */
  answersFor: ResponsibilitySchema.optional(),
});

/** Somebody who may be asked to approve. */
export const ApproverSchema = PersonSchema.extend({
  /** What the approval policies ask for, for example `risk-officer`. */
  roles: z.array(NameSchema).default([]),
});

/** Somebody, or a team's mailbox, that hears what became of a card. */
export const AuthorSchema = PersonSchema;

export type Person = z.output<typeof PersonSchema>;
export type Approver = z.output<typeof ApproverSchema>;
export type Author = z.output<typeof AuthorSchema>;

/** What a card says about itself that decides whose it is. */
export interface Subject {
  modelCardName: string;
  /** `null` where no route matches. */
  lifecycle: string | null;
  lineOfBusiness: string | undefined;
}

/** Whether a card is one that a person answers for. */
export function answersFor({ answersFor: given }: Person, card: Subject): boolean {
  if (given === undefined) return true;
  const { cards, linesOfBusiness, lifecycles } = given;
  const line = comparable(card.lineOfBusiness ?? "");
  return (
    (cards?.some((pattern) => matchesPattern(card.modelCardName, pattern)) ?? true) &&
    (linesOfBusiness?.some((name) => comparable(name) === line) ?? true) &&
    (lifecycles?.some((name) => name === card.lifecycle) ?? true)
  );
}

/** Who is known to have made a card, besides what its content says. */
export interface Authorship {
  /** Creator and last editor, and everybody else who was seen to work on the version, by SageMaker's names. */
  editors: readonly string[];
  /** Owner and creator, as the card's content names them. Untrusted text. */
  namedInContent: readonly string[];
}

/** Whether a card is a person's own: they created, edited or own it, by whatever name. */
export function isOwnCard(person: Person, { editors, namedInContent }: Authorship): boolean {
  const identities = new Set(person.identities.map(comparable));
  if (editors.some((editor) => identities.has(comparable(editor)))) return true;
  const names = [person.id, person.name, person.address, ...person.identities].map(comparable);
  return namedInContent.some((text) => names.some((name) => isNamedIn(comparable(text), name)));
}

/** Whether a name stands in a text by itself, and not as a part of another name; a full stop behind it may end a sentence. */
function isNamedIn(text: string, name: string): boolean {
  const partOfName = String.raw`[\p{L}\p{M}\p{N}_.@-]`;
  const goesOn = String.raw`[\p{L}\p{M}\p{N}_@]|[.-][\p{L}\p{N}]`;
  return new RegExp(`(?<!${partOfName})${literally(name)}(?!${goesOn})`, "u").test(text);
}

/** Names are the same however they are spaced and capitalised. */
function comparable(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}

/** Gives people of one address the identities of each other: somebody who writes and approves cards stands there twice. */
export function withSharedIdentities<Entry extends Person>(
  people: Entry[],
  everybody: readonly Person[],
): Entry[] {
  return people.map((person) => {
    const same = everybody.filter(({ address }) => comparable(address) === comparable(person.address));
    return { ...person, identities: [...new Set(same.flatMap(({ identities }) => identities))] };
  });
}
