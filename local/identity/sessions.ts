import { createHash } from "node:crypto";
import type { LocalContext } from "../context.ts";
import { durableMap } from "../journal/durable-map.ts";
import type { NamedPolicy } from "./policy-evaluation.ts";
import { uniqueId } from "./unique-ids.ts";

/** Temporary credentials of a role, and for whom and how long they hold. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  roleArn: string;
  sessionName: string;
  /** Left out where the session lasts as long as the process. */
  expiresAt?: Date;
  /** The most that the session may do, whatever its role may do. */
  sessionPolicy?: NamedPolicy;
}

/** How long an ended session is still remembered, so that its credentials are answered as expired, not as unknown. */
const rememberedMs = 24 * 60 * 60 * 1000;

/** Sessions that were issued, by access key id. Old ones are forgotten while new ones are issued. */
export function createSessions(context: Pick<LocalContext, "clock" | "newId" | "journal">) {
  const { clock, newId } = context;
  const sessions = durableMap<Session>(context, "sts/sessions");
  const sessionsOfProcess = new Map<string, Session>();
  let purgeAtSize = 1000;

  function purge(): void {
    const oldest = clock.now().getTime() - rememberedMs;
    for (const [accessKeyId, { expiresAt }] of sessions) {
      if (expiresAt !== undefined && expiresAt.getTime() < oldest) sessions.delete(accessKeyId);
    }
    // Growing the limit with what is left keeps the cost of a purge constant per session issued.
    purgeAtSize = Math.max(1000, 2 * sessions.size);
  }

  const secret = () => createHash("sha512").update(newId()).digest("base64");

  return {
    issue(session: Omit<Session, "accessKeyId" | "secretAccessKey" | "sessionToken">): Session {
      if (sessions.size >= purgeAtSize) purge();
      const issued = {
        ...session,
        accessKeyId: uniqueId("ASIA", newId(), 16),
        secretAccessKey: secret().slice(0, 40),
        sessionToken: secret() + secret(),
      };
      (issued.expiresAt === undefined ? sessionsOfProcess : sessions).set(issued.accessKeyId, issued);
      return issued;
    },

    find: (accessKeyId: string) => sessionsOfProcess.get(accessKeyId) ?? sessions.get(accessKeyId),
  };
}
