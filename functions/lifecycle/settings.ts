import { createHash } from "node:crypto";
import * as z from "zod";
import { AccessSchema } from "../../events/access.ts";
import { ModelCardStatusSchema } from "../../events/model-card.ts";
import { ConfigurationError } from "../errors.ts";
import { approvalContradictions } from "./approval-contradictions.ts";
import { ApprovalPoliciesSchema, defaultPolicies } from "./approval-policy.ts";
import { type Contradiction, repeated } from "./contradiction.ts";
import { DeploymentSettingsSchema } from "./deployment-settings.ts";
import { NameSchema } from "./name.ts";
import { ApproverSchema, AuthorSchema, withSharedIdentities } from "./people.ts";

const AccountIdSchema = z.string().regex(/^[0-9]{12}$/, "must be a 12-digit AWS account id, without dashes");

const StageSchema = z.strictObject({
  name: NameSchema,
  accountId: AccountIdSchema,
  /** Access of the stage at each card status. */
  access: z.record(ModelCardStatusSchema, AccessSchema),
  /** Role ARNs that a read-write share names instead of the whole account. */
  writerRoleArns: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/\S+$/, "must be the ARN of an IAM role"))
    .min(1)
    .optional(),
});

const RouteSchema = z
  .strictObject({
    /** Card names that take this route; `*` stands for any characters. */
    namePattern: z.string().min(1).optional(),
    /** A tag of the card. */
    tag: z.strictObject({ key: z.string().min(1), value: z.string() }).optional(),
    lifecycle: NameSchema,
  })
  .refine(({ namePattern, tag }) => (namePattern === undefined) !== (tag === undefined), {
    error: "must have either a namePattern or a tag",
  });

const SettingsSchema = z
  .strictObject({
    /** The account that owns the cards, in which Cardway runs. */
    modelCardAccountId: AccountIdSchema,
    /** In order: who works on a card first comes first. */
    lifecycles: z.array(z.strictObject({ name: NameSchema, stages: z.array(StageSchema).min(1) })).min(1),
    /** The first route that matches a card names its lifecycle. A card that matches none is shared with nobody. */
    routes: z.array(RouteSchema).min(1),
    /** Who can be asked to approve. Everybody is one person here, with an address of their own. */
    approvers: z.array(ApproverSchema).min(1),
    /** Who hears what became of a card: who made it, or else the teams' mailboxes (those without `identities`). */
    authors: z.array(AuthorSchema).min(1),
    approval: z.strictObject({
      /** Address that approval mails come from; verified in SES. */
      sender: z.email({ error: "must be an e-mail address" }),
      /** By risk rating of the card; a card without one counts as `High`. */
      policies: ApprovalPoliciesSchema.prefault(defaultPolicies),
    }),
    /** A content edit of an `Approved` card makes a version that nobody reviewed. */
    onApprovedEdit: z.enum(["review-again", "keep"]).default("review-again"),
    /** Whether `Approved` counts only with a decision recorded here for that very version. */
    requireRecordedApproval: z.boolean().default(false),
    /** Whether stage accounts may lie outside the organisation. */
    shareOutsideOrganization: z.boolean().default(false),
    /** Where and how Cardway stands in AWS. */
    deployment: DeploymentSettingsSchema.prefault({}),
  })
  .check((context) => {
    for (const issue of contradictions(context.value)) {
      context.issues.push({ code: "custom", input: valueAt(context.value, issue.path), ...issue });
    }
  });

export type SettingsInput = z.input<typeof SettingsSchema>;
export type Lifecycle = z.output<typeof SettingsSchema>["lifecycles"][number];

/** Checked settings, and the version that every record names. */
export type Settings = z.output<typeof SettingsSchema> & {
  /** Changes with any setting but those of the deployment: the first 12 hexadecimal digits of their SHA-256. */
  policyVersion: string;
};

/**
 * Checks the settings of `lifecycle.config.ts`.
 *
 * @throws {ConfigurationError} with one line a fault: its path, its value and what is allowed.
 */
export function defineSettings(input: SettingsInput): Settings {
  const parsed = SettingsSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${pathText(issue.path)}: ${faultText(issue)}`);
    throw new ConfigurationError(`lifecycle.config.ts is not valid:\n${lines.join("\n")}`);
  }
  const { deployment: _where, ...policy } = parsed.data;
  const policyVersion = createHash("sha256").update(JSON.stringify(policy)).digest("hex").slice(0, 12);
  const { approvers, authors } = policy;
  const everybody = [...approvers, ...authors];
  return {
    ...parsed.data,
    approvers: withSharedIdentities(approvers, everybody),
    authors: withSharedIdentities(authors, everybody),
    policyVersion,
  };
}

/** What each part allows but the whole does not. */
function* contradictions(settings: z.output<typeof SettingsSchema>): Generator<Contradiction> {
  yield* repeated(settings.lifecycles, "name", ["lifecycles"]);
  yield* approvalContradictions(settings);
  yield* foreignCardKeys(settings);
  yield* foreignCertificates(settings);
  yield* sharedDomain(settings);
  for (const [index, { lifecycle }] of settings.routes.entries()) {
    if (!settings.lifecycles.some(({ name }) => name === lifecycle)) {
      const known = settings.lifecycles.map(({ name }) => name).join(", ");
      yield { path: ["routes", index, "lifecycle"], message: `names no lifecycle; there are: ${known}` };
    }
  }
  for (const [lifecycleIndex, { stages }] of settings.lifecycles.entries()) {
    const path = ["lifecycles", lifecycleIndex, "stages"];
    yield* repeated(stages, "name", path);
    for (const [index, stage] of stages.entries()) {
      if (stage.accountId === settings.modelCardAccountId) {
        yield {
          path: [...path, index, "accountId"],
          message: "is the model card account, which owns the cards anyway",
        };
      }
      for (const [roleIndex, roleArn] of (stage.writerRoleArns ?? []).entries()) {
        if (roleArn.split(":")[4] !== stage.accountId) {
          yield {
            path: [...path, index, "writerRoleArns", roleIndex],
            message: `is a role of another account than the stage's ${stage.accountId}`,
          };
        }
      }
      // A role of the account would be among the principals of the account's read-write share.
      const sameAccount = stages.filter(({ accountId }) => accountId === stage.accountId);
      const accesses = new Set(sameAccount.flatMap(({ access }) => Object.values(access)));
      if (accesses.has("read-only") && accesses.has("read-write")) {
        yield {
          path: [...path, index, "access"],
          message: `mixes read-only and read-write for account ${stage.accountId}; a read-only account may never write`,
        };
      }
    }
  }
}

function* foreignCardKeys({
  modelCardAccountId,
  deployment,
}: z.output<typeof SettingsSchema>): Generator<Contradiction> {
  for (const [index, arn] of deployment.cardKeyArns.entries()) {
    const [, , , region, accountId] = arn.split(":");
    if (accountId === modelCardAccountId && region === deployment.region) continue;
    yield {
      path: ["deployment", "cardKeyArns", index],
      message: `is no key of the model card account ${modelCardAccountId} in ${deployment.region}, which cards are encrypted with`,
    };
  }
}

function* foreignCertificates({
  modelCardAccountId,
  deployment: { region, approvalPageDomain, console },
}: z.output<typeof SettingsSchema>): Generator<Contradiction> {
  const domains = [
    { domain: approvalPageDomain, path: ["approvalPageDomain"] },
    { domain: console?.domain, path: ["console", "domain"] },
  ];
  for (const { domain, path } of domains) {
    const [, , , itsRegion, accountId] = domain?.certificateArn?.split(":") ?? [];
    if (itsRegion === undefined || (accountId === modelCardAccountId && itsRegion === region)) continue;
    yield {
      path: ["deployment", ...path, "certificateArn"],
      message: `is no certificate of the model card account ${modelCardAccountId} in ${region}, where the page is`,
    };
  }
}

function* sharedDomain({
  deployment: { approvalPageDomain, console },
}: z.output<typeof SettingsSchema>): Generator<Contradiction> {
  if (console?.domain === undefined || console.domain.name !== approvalPageDomain?.name) return;
  yield {
    path: ["deployment", "console", "domain", "name"],
    message: "is the approval page's name already; the console needs one of its own",
  };
}

function valueAt(value: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([key]) => key === String(part))?.[1]
        : undefined,
    value,
  );
}

function pathText(path: PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "the settings" : text.replace(/^\./, "");
}

function faultText(issue: z.core.$ZodIssue): string {
  return [shown(issue.input), reasonOf(issue)].filter((part) => part !== "").join(" ");
}

/** Why a value is not allowed, in words that go on after it. */
function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `is ${issue.input === undefined ? "missing" : "not allowed"}; allowed are: ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `unknown setting ${issue.keys.join(", ")}`;
    case "invalid_type":
      return issue.input === undefined
        ? `is missing; expected ${issue.expected}`
        : `must be ${withArticle(issue.expected)}`;
    case "too_small":
      return `must be ${bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}`;
    case "too_big":
      return `must be ${bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}`;
    default:
      return issue.message;
  }
}

function withArticle(type: string): string {
  return `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}

/** `at least 1`, or for lists and texts `at least 1 long`. */
function bound(origin: string, words: string, limit: number | bigint): string {
  return `${words} ${limit}${origin === "array" || origin === "string" ? " long" : ""}`;
}

/** A faulty value, short; the settings hold no secrets. An object says nothing that the path does not. */
function shown(value: unknown): string {
  return value === undefined || typeof value === "object" ? "" : JSON.stringify(value);
}
