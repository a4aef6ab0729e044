import * as z from "zod";

/** The people around a model card, each with a role of their own. */
export const personas = [
  "data-scientist",
  "ml-engineer",
  "model-approver",
  "prod-reader",
  "operator",
  "auditor",
] as const;

export type Persona = (typeof personas)[number];

const TagsSchema = z.record(
  z.string().regex(/^[\w.:/=+@ -]{1,128}$/, "must be a tag key"),
  z.string().max(256),
);

const PrincipalArnSchema = z
  .string()
  .regex(
    /^arn:aws:iam::[0-9]{12}:(root|(role|user)\/\S+)$/,
    "must be the ARN of an account's root, a role or a user",
  );

/** Every condition holds together with the others; one that is left out asks for nothing. */
export const PersonaSettingsSchema = z.strictObject({
  /** Calls have to come from one of these VPCs, through an interface endpoint. */
  vpcIds: z.array(z.string().regex(/^vpc-[0-9a-f]+$/, "must be the id of a VPC")).default([]),
  /** Calls have to come through one of these VPC endpoints. */
  vpcEndpointIds: z
    .array(z.string().regex(/^vpce-[0-9a-f]+$/, "must be the id of a VPC endpoint"))
    .default([]),
  /** Tags, key and value, that a card must have. */
  cardTags: TagsSchema.default({}),
  /** Tags, key and value, that the role or its session must have. */
  principalTags: TagsSchema.default({}),
  /** Buckets that data scientists may export cards to; exporting is allowed only where there is one. */
  exportBuckets: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket"))
    .default([]),
  /** Who may take a persona's role; whom its own account allows to, where it is left out. */
  sessionsFrom: z.partialRecord(z.enum(personas), z.array(PrincipalArnSchema).min(1)).default({}),
});

export type PersonaSettings = z.output<typeof PersonaSettingsSchema>;

type Conditions = Record<string, Record<string, string[]>>;

/** What every call of a persona has to fulfil. A service that calls in its name comes from no VPC. */
export function callerConditions({ vpcIds, vpcEndpointIds, principalTags }: PersonaSettings): Conditions {
  return stringEquals({
    "aws:SourceVpc": vpcIds,
    "aws:SourceVpce": vpcEndpointIds,
    ...tagConditions("aws:PrincipalTag", principalTags),
  });
}

/** What a call about one card has to fulfil. */
export function cardConditions(settings: PersonaSettings): Conditions {
  const { StringEquals = {} } = callerConditions(settings);
  return stringEquals({ ...StringEquals, ...tagConditions("aws:ResourceTag", settings.cardTags) });
}

function tagConditions(key: string, tags: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, [value]]));
}

function stringEquals(keys: Record<string, string[]>): Conditions {
  const asked = Object.entries(keys).filter(([, values]) => values.length > 0);
  return asked.length === 0 ? {} : { StringEquals: Object.fromEntries(asked) };
}
