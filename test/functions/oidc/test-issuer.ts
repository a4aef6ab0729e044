import { createHash, randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type CryptoKey, SignJWT, exportJWK, generateKeyPair } from "jose";
import {
  type ConsoleSettings,
  ConsoleSettingsSchema,
} from "../../../functions/lifecycle/console-settings.ts";
import { startWebServer } from "../../../local/web-server.ts";

export const signIn: ConsoleSettings = ConsoleSettingsSchema.parse({
  issuer: "https://login.example.com",
  clientId: "cardway-console",
  operators: ["ml-operators"],
  auditors: ["risk-auditors"],
});

interface Key {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

interface Grant {
  nonce: string;
  challenge: string;
  redirectUri: string;
}

/** How the issuer behaves, and who signs in. */
interface Behaviour {
  /** Claims of whoever signs in next. */
  person: Record<string, unknown>;
  /** Other claims than those that belong into an ID token. */
  claims: Record<string, unknown>;
  /** How much the issuer's clock is before ours, in seconds. */
  clockAheadSeconds: number;
  /** The error that the issuer answers instead of a code. */
  denies: string | undefined;
  /** What becomes of requests to it. */
  outage: "no-connection" | "server-error" | "no-json" | undefined;
}

const asItShouldBe = (): Behaviour => ({
  person: { sub: "person-1", name: "Olive Operator", groups: ["ml-operators"] },
  claims: {},
  clockAheadSeconds: 0,
  denies: undefined,
  outage: undefined,
});

/**
 * An OIDC issuer on a real port. `fetch` reaches it under the https address of the settings, and what a test changes of it
 * holds from the next request on.
 */
export async function startIssuer() {
  const grants = new Map<string, Grant>();
  const keys: Key[] = [await newKey()];
  const requested: string[] = [];
  const app = new Hono();

  const issuer = {
    ...asItShouldBe(),
    /** Paths that were asked for. */
    requested,

    /** Makes good what tests have changed. */
    mend(): void {
      Object.assign(issuer, asItShouldBe());
      requested.length = 0;
    },

    async fetch(address: string, init?: RequestInit): Promise<Response> {
      requested.push(new URL(address).pathname);
      if (issuer.outage === "no-connection") throw new TypeError("fetch failed");
      if (issuer.outage === "server-error") return new Response("", { status: 502 });
      if (issuer.outage === "no-json") return new Response("<html>");
      return fetch(address.replace(signIn.issuer, server.url), init);
    },

    /** An ID token of the issuer's, by its newest key. */
    async idToken(claims: Record<string, unknown> = {}, key = newest()): Promise<string> {
      const now = Math.floor(Date.now() / 1_000) + issuer.clockAheadSeconds;
      const all = {
        iss: signIn.issuer,
        aud: signIn.clientId,
        iat: now,
        exp: now + 3_600,
        ...issuer.person,
        ...issuer.claims,
        ...claims,
      };
      return new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: key.kid }).sign(key.privateKey);
    },

    /** Signs with a new key from now on. */
    async rotateKey(): Promise<void> {
      keys.splice(0, keys.length, await newKey());
    },

    newestKey: () => newest(),
    newKey,

    /** What a browser does with the page that it was sent to: answers the address that it is sent back to. */
    async visit(page: string): Promise<string> {
      const answer = await fetch(page.replace(signIn.issuer, server.url), { redirect: "manual" });
      return answer.headers.get("location") ?? `${answer.status} ${await answer.text()}`;
    },

    stop: () => server.close(),
  };

  const newest = (): Key => {
    const key = keys.at(-1);
    if (key === undefined) throw new TypeError("the issuer has no key");
    return key;
  };

  app.get("/.well-known/openid-configuration", (context) =>
    context.json({
      issuer: signIn.issuer,
      authorization_endpoint: `${signIn.issuer}/authorize`,
      token_endpoint: `${signIn.issuer}/token`,
      jwks_uri: `${signIn.issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      authorization_response_iss_parameter_supported: true,
    }),
  );

  app.get("/keys", async (context) =>
    context.json({
      keys: await Promise.all(
        keys.map(async ({ kid, publicKey }) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg: "RS256",
          use: "sig",
        })),
      ),
    }),
  );

  app.get("/authorize", (context) => {
    const query = context.req.query();
    const isRight =
      query["client_id"] === signIn.clientId &&
      query["response_type"] === "code" &&
      query["code_challenge_method"] === "S256" &&
      query["scope"]?.split(" ").includes("openid") === true;
    if (!isRight) return context.text("This is no request for a sign-in.", 400);
    const { redirect_uri: redirectUri = "", state = "", nonce = "", code_challenge: challenge = "" } = query;
    const code = randomUUID();
    grants.set(code, { nonce, challenge, redirectUri });
    const answer: Record<string, string> = issuer.denies === undefined ? { code } : { error: issuer.denies };
    return context.redirect(
      `${redirectUri}?${new URLSearchParams({ ...answer, state, iss: signIn.issuer }).toString()}`,
    );
  });

  app.post("/token", async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const code = form.get("code") ?? "";
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isRight =
      grant !== undefined &&
      grant.challenge === challenge &&
      grant.redirectUri === form.get("redirect_uri") &&
      form.get("client_id") === signIn.clientId &&
      form.get("client_secret") === null;
    if (!isRight) return context.json({ error: "invalid_grant" }, 400);
    return context.json({
      access_token: randomUUID(),
      token_type: "Bearer",
      expires_in: 3_600,
      id_token: await issuer.idToken({ nonce: grant.nonce, ...issuer.claims }),
    });
  });

  const server = await startWebServer(app, 0);
  return issuer;
}

export type TestIssuer = Awaited<ReturnType<typeof startIssuer>>;

async function newKey(): Promise<Key> {
  return { kid: randomUUID(), ...(await generateKeyPair("RS256")) };
}
