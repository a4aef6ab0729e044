import { SignJWT, UnsecuredJWT, exportSPKI } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ConsoleSettings } from "../../../functions/lifecycle/console-settings.ts";
import { createIdTokenVerifier } from "../../../functions/oidc/id-token.ts";
import { type Fetch, createIssuer } from "../../../functions/oidc/issuer.ts";
import { type TestIssuer, signIn, startIssuer } from "./test-issuer.ts";

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterEach(() => {
  vi.useRealTimers();
  issuer.mend();
});
afterAll(() => issuer.stop());

const verifierOf = (settings: ConsoleSettings = signIn) =>
  createIdTokenVerifier(createIssuer(settings.issuer, issuer.fetch), settings, () => new Date());

const refused = { name: "IdTokenRefusedError" };
const expired = { name: "IdTokenExpiredError" };
const unreachable = { name: "IssuerUnreachableError" };

describe("the verifier of ID tokens", () => {
  it("says whom a genuine one is about, with which role, and until when", async () => {
    const exp = Math.floor(Date.now() / 1_000) + 600;

    expect(await verifierOf().verify(await issuer.idToken({ exp }))).toStrictEqual({
      identity: "person-1",
      name: "Olive Operator",
      role: "operator",
      expiresAt: new Date(exp * 1_000),
    });
  });

  it.each<[what: string, groups: unknown, role: string | undefined]>([
    ["an operator", ["staff", "ml-operators"], "operator"],
    ["an auditor", ["risk-auditors"], "auditor"],
    ["somebody in both", ["risk-auditors", "ml-operators"], "operator"],
    ["somebody in neither", ["staff"], undefined],
    ["somebody in a group whose name begins the same", ["ml-operators-emeriti"], undefined],
    ["one group as a text", "risk-auditors", "auditor"],
    ["Cognito's text of several", "[staff, ml-operators]", "operator"],
    ["Cognito's text of one in brackets", "[risk-auditors]", "auditor"],
    ["a group that only has a comma in its name", "staff,ml-operators", undefined],
    ["no groups", undefined, undefined],
    ["groups that are no texts", [{ name: "ml-operators" }, 1, null], undefined],
  ])("knows %s", async (_what, groups, role) => {
    expect(await verifierOf().verify(await issuer.idToken({ groups }))).toMatchObject({
      ...(role !== undefined && { role }),
    });
    expect((await verifierOf().verify(await issuer.idToken({ groups }))).role).toBe(role);
  });

  it("reads the groups from the claim of the settings, and from no other", async () => {
    const verifier = verifierOf({ ...signIn, groupsClaim: "custom:groups" });

    expect((await verifier.verify(await issuer.idToken({ "custom:groups": "[ml-operators]" }))).role).toBe(
      "operator",
    );
    expect((await verifier.verify(await issuer.idToken())).role).toBeUndefined();
  });

  it.each([
    [{ name: " ", preferred_username: "olive" }, "olive"],
    [{ name: undefined, email: "olive@example.com" }, "olive@example.com"],
    [{ name: undefined }, "person-1"],
  ])("calls somebody with the claims %j %s", async (claims, name) => {
    expect((await verifierOf().verify(await issuer.idToken(claims))).name).toBe(name);
  });

  it.each<[what: string, claims: Record<string, unknown>]>([
    ["of another client", { aud: "other" }],
    ["for several, that another client asked for", { aud: [signIn.clientId, "other"], azp: "other" }],
    ["of another issuer", { iss: "https://evil.example" }],
    ["of nobody", { sub: undefined }],
    ["of a person without a name to be known by", { sub: "" }],
    ["without an end", { exp: undefined }],
    ["without a begin", { iat: undefined }],
  ])("refuses one %s", async (_what, claims) => {
    await expect(verifierOf().verify(await issuer.idToken(claims))).rejects.toMatchObject(refused);
  });

  it("refuses one without a signature", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { ...issuer.person, iss: signIn.issuer, aud: signIn.clientId, iat: now, exp: now + 600 };

    await expect(verifierOf().verify(new UnsecuredJWT(claims).encode())).rejects.toMatchObject(refused);
  });

  it("refuses one that is signed with what everybody can read: the public key, as a secret", async () => {
    const { kid, publicKey } = issuer.newestKey();
    const now = Math.floor(Date.now() / 1_000);
    const claims = { ...issuer.person, iss: signIn.issuer, aud: signIn.clientId, iat: now, exp: now + 600 };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", kid })
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)));

    await expect(verifierOf().verify(forged)).rejects.toMatchObject(refused);
  });

  it("refuses one by another key under the issuer's key id, and one with other claims than were signed", async () => {
    const { kid } = issuer.newestKey();
    const strange = await issuer.idToken({}, { ...(await issuer.newKey()), kid });
    const [header, , signature] = (await issuer.idToken()).split(".");
    const [, claims] = (await issuer.idToken({ sub: "person-2" })).split(".");

    await expect(verifierOf().verify(strange)).rejects.toMatchObject(refused);
    await expect(verifierOf().verify([header, claims, signature].join("."))).rejects.toMatchObject(refused);
  });

  it.each(["", "a.b.c", "x".repeat(5_000), "e30.e30.", "%00"])("refuses %j", async (text) => {
    await expect(verifierOf().verify(text)).rejects.toMatchObject(refused);
  });

  it("allows the issuer's clock to be half a minute off, and no more", async () => {
    const seconds = (offset: number) => Math.floor(Date.now() / 1_000) + offset;

    await expect(verifierOf().verify(await issuer.idToken({ exp: seconds(-20) }))).resolves.toBeDefined();
    await expect(verifierOf().verify(await issuer.idToken({ nbf: seconds(20) }))).resolves.toBeDefined();
    await expect(verifierOf().verify(await issuer.idToken({ exp: seconds(-40) }))).rejects.toMatchObject(
      expired,
    );
    await expect(verifierOf().verify(await issuer.idToken({ nbf: seconds(40) }))).rejects.toMatchObject(
      expired,
    );
  });

  it("says nothing of a token in its errors", async () => {
    const token = await issuer.idToken({ aud: "other" });
    const error: unknown = await verifierOf()
      .verify(token)
      .catch((error: unknown) => error);

    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/person-1|Olive|eyJ/);
    expect(error).not.toHaveProperty("cause");
  });
});

describe("the issuer's keys", () => {
  it("are read once for many tokens", async () => {
    const verifier = verifierOf();

    for (let times = 0; times < 5; times += 1) await verifier.verify(await issuer.idToken());

    expect(issuer.requested).toStrictEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  it("are read again where the issuer signs with a new one, and the old one is no good then", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const verifier = verifierOf();
    const before = await issuer.idToken();
    await verifier.verify(before);

    await issuer.rotateKey();
    vi.setSystemTime(Date.now() + 60_000);
    await verifier.verify(await issuer.idToken());

    await expect(verifier.verify(before)).rejects.toMatchObject(refused);
  });

  it("are not read for each token that names a key which nobody has", async () => {
    const verifier = verifierOf();
    await verifier.verify(await issuer.idToken());
    const strange = await issuer.newKey();

    for (let times = 0; times < 5; times += 1) {
      await expect(verifier.verify(await issuer.idToken({}, strange))).rejects.toMatchObject(refused);
    }

    expect(issuer.requested.filter((path) => path === "/keys")).toHaveLength(1);
  });

  it.each(["no-connection", "server-error", "no-json"] as const)(
    "are waited for while the issuer has an outage (%s), and nobody gets in meanwhile",
    async (outage) => {
      const verifier = verifierOf();
      issuer.outage = outage;
      await expect(verifier.verify(await issuer.idToken())).rejects.toMatchObject(unreachable);

      issuer.outage = undefined;
      await expect(verifier.verify(await issuer.idToken())).resolves.toBeDefined();
    },
  );

  it("are not known where only they are out of reach", async () => {
    const carry: Fetch = async (address, init) =>
      address.endsWith("/keys") ? new Response("gone", { status: 404 }) : issuer.fetch(address, init);
    const verifier = createIdTokenVerifier(createIssuer(signIn.issuer, carry), signIn, () => new Date());

    await expect(verifier.verify(await issuer.idToken())).rejects.toMatchObject(unreachable);
  });

  it("are none of an issuer that calls itself otherwise", async () => {
    const other = `${signIn.issuer}/`;

    await expect(
      verifierOf({ ...signIn, issuer: other }).verify(await issuer.idToken()),
    ).rejects.toMatchObject({
      ...unreachable,
      message: expect.stringContaining("names itself otherwise"),
    });
  });
});
