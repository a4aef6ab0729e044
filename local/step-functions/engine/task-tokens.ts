import * as z from "zod";
import { type Json, parseJsonText } from "../json.ts";

/** A task that waits for a callback. */
export interface PendingTask {
  succeed(output: Json): void;
  fail(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
}

/** Whose task a token belongs to; readable from the token also after the task was closed. */
export interface TokenOwner {
  accountId: string;
  region: string;
  stateMachineName: string;
}

const prefix = "AQDL";

/** What a token starts with, once decoded: the owner, and two ids that make it unguessable. */
const OwnerSchema = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

/** The tasks that wait for a callback, by their tokens. */
export class TaskTokens {
  private readonly pending = new Map<string, PendingTask>();
  private readonly newId: () => string;

  constructor(newId: () => string) {
    this.newId = newId;
  }

  /** A token that nobody can guess. Like AWS's it is base64 with `+`, `/` and `=`, so it cannot stand in a URL as it is. */
  issue({ accountId, region, stateMachineName }: TokenOwner): string {
    const owner = Buffer.from(
      JSON.stringify([accountId, region, stateMachineName, this.newId(), this.newId()]),
    );
    const padding = Buffer.alloc(4 + ((3 - (owner.byteLength % 3)) % 3), 0xfb);
    // Two bytes over a multiple of three make the text end in "=".
    return prefix + Buffer.concat([owner, padding, Buffer.from([0xff])]).toString("base64");
  }

  /** @returns nothing where the text is no token of this service. */
  ownerOf(token: string): TokenOwner | undefined {
    if (!token.startsWith(prefix)) return undefined;
    const text = Buffer.from(token.slice(prefix.length), "base64").toString();
    const owner = parseJsonText(text.slice(0, text.indexOf('"]') + 2));
    const parts = OwnerSchema.safeParse(owner?.value);
    if (!parts.success) return undefined;
    const [accountId, region, stateMachineName] = parts.data;
    return { accountId, region, stateMachineName };
  }

  find(token: string): PendingTask | undefined {
    return this.pending.get(token);
  }

  /** From now on callbacks reach the task, until the returned function closes the token. */
  open(token: string, task: PendingTask): () => void {
    this.pending.set(token, task);
    return () => {
      this.pending.delete(token);
    };
  }
}
