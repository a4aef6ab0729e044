import { type Persona, personas } from "../../functions/lifecycle/persona-settings.ts";
import { readerRoleName } from "../../functions/lifecycle/read-only.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { AccountKind } from "../../functions/lifecycle/stage-accounts.ts";
import { type Deployment, roleTags } from "./deployment.ts";
import { type Activity, type PersonaPlace, activities } from "./persona-activities.ts";
import { type PolicyStatement, document } from "./policy.ts";
import type { RoleDefinition } from "./roles.ts";

interface PersonaDefinition {
  roleName: string;
  /** Activities by what the account is to model cards; in any other account the persona has no role. */
  activities: Partial<Record<AccountKind, readonly Activity[]>>;
  /** Whether a permissions boundary keeps the role as it is. */
  bounded?: true;
}

/**
 * Who does what, where. Approvers decide on the link alone, so they read; operators and auditors see what happened to cards,
 * never what is written in them.
 */
export const personaTable: Record<Persona, PersonaDefinition> = {
  "data-scientist": {
    roleName: "cardway-data-scientist",
    activities: { authoring: ["find-shared-cards", "read-cards", "edit-cards", "export-cards"] },
  },
  "ml-engineer": {
    roleName: "cardway-ml-engineer",
    activities: { validating: ["find-shared-cards", "read-cards", "edit-cards"] },
  },
  "model-approver": {
    roleName: "cardway-model-approver",
    activities: { "model-card": ["list-cards", "read-cards", "never-change-cards"] },
  },
  "prod-reader": {
    roleName: readerRoleName,
    activities: { reading: ["read-cards", "never-change-cards"] },
    bounded: true,
  },
  operator: {
    roleName: "cardway-operator",
    activities: {
      "model-card": [
        "list-cards",
        "list-card-versions",
        "read-records",
        "see-executions",
        "operate-executions",
        "act-on-record",
        "work-off-dead-letters",
        "read-logs",
        "see-traces",
        "see-alarms",
        "see-shares",
        "see-event-delivery",
        "never-change-cards",
      ],
    },
  },
  auditor: {
    roleName: "cardway-auditor",
    activities: {
      "model-card": [
        "list-cards",
        "list-card-versions",
        "read-records",
        "see-executions",
        "see-shares",
        "see-roles",
        "look-up-calls",
        "never-change-cards",
      ],
      stage: ["see-shares", "see-roles", "look-up-calls", "never-change-cards"],
    },
  },
};

/** The roles of all personas in an account. */
export function personaRoles(kinds: readonly AccountKind[], place: PersonaPlace): RoleDefinition[] {
  return personas.flatMap((persona) => {
    const { roleName, activities, bounded } = personaTable[persona];
    const here = new Set(kinds.flatMap((kind) => activities[kind] ?? []));
    if (here.size === 0) return [];
    const policy = document([...here].flatMap((activity) => statementsOf(activity, place)));
    return [
      {
        roleName,
        accountId: place.accountId,
        trust: sessionTrust(persona, place),
        policy,
        tags: roleTags,
        ...(bounded && { permissionsBoundary: policy }),
      },
    ];
  });
}

/** The personas of the model card account. */
export function modelCardAccountPersonaRoles(
  deployment: Deployment,
  settings: Pick<Settings, "deployment">,
): RoleDefinition[] {
  return personaRoles(["model-card"], { accountId: deployment.modelCardAccountId, deployment, settings });
}

function statementsOf(activity: Activity, place: PersonaPlace): PolicyStatement[] {
  return activities[activity](place);
}

/** Trust of the principals that the settings name, or of the account, whose own policies then choose. */
function sessionTrust(persona: Persona, { accountId, settings }: PersonaPlace): RoleDefinition["trust"] {
  const principals = settings.deployment.personas.sessionsFrom[persona] ?? [`arn:aws:iam::${accountId}:root`];
  return document([{ Effect: "Allow", Principal: { AWS: principals }, Action: "sts:AssumeRole" }]);
}
