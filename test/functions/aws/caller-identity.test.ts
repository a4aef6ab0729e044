import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCallerIdentities, proveIdentity } from "../../../functions/aws/caller-identity.ts";
import type { LocalCloud } from "../../../local/cloud.ts";
import { createTestCloud, region } from "../../workflow/test-cloud.ts";

type Request = Parameters<LocalCloud["requestHandler"]["handle"]>[0];

const credentials = { accessKeyId: "111111111111", secretAccessKey: "secret", sessionToken: "session" };
const purpose = "a".repeat(64);
const authorization = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=(.+)$/;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The signature that AWS works out for a request. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function expectedSignature({ method, path, headers, body }: Request): string {
  const [, credential = "", names = ""] = authorization.exec(headers["authorization"] ?? "") ?? [];
  const [, date = "", place = "", service = ""] = credential.split("/");
  const lines = names.split(";").map((name) => `${name}:${headers[name]?.trim()}\n`);
  const canonical = [method, path, "", lines.join(""), names, sha256(String(body))].join("\n");
  const scope = `${date}/${place}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [date, place, service, "aws4_request"].reduce<string | Buffer>(
    (before, part) => hmac(before, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  return hmac(key, text).toString("hex");
}

/** What the function asks AWS with, given a proof. */
async function asked(change: (proof: Awaited<ReturnType<typeof proveIdentity>>) => object = () => ({})) {
  const { environment: local, ...runtime } = createTestCloud().cloud.functionRuntime("operate", region);
  const { AWS_ENDPOINT_URL: _local, ...environment } = local;
  const proof = await proveIdentity({ region, credentials }, purpose);
  const requests: Request[] = [];
  const identities = createCallerIdentities({
    ...runtime,
    environment,
    requestHandler: {
      ...runtime.requestHandler,
      handle(request: Request) {
        requests.push(request);
        return Promise.reject(new TypeError("AWS is not asked"));
      },
    },
  });
  const outcome = identities.prove({ ...proof, ...change(proof) }, purpose);
  await expect(outcome).rejects.toMatchObject({ name: "OperatorNotProvedError" });
  return requests[0];
}

describe("a proof of who asks", () => {
  it("is signed over just what the function sends to AWS", async () => {
    const request = await asked();
    if (request === undefined) throw new TypeError("AWS was not asked");
    const [, , names = "", signature] = authorization.exec(request.headers["authorization"] ?? "") ?? [];

    expect(signature).toBe(expectedSignature(request));
    expect(Object.keys(request.headers).sort()).toStrictEqual(["authorization", ...names.split(";")].sort());
  });

  it.each([
    [
      "names signed headers twice",
      (text: string) => text.replace("Signed", "SignedHeaders=x-cardway-act, Signed"),
    ],
    ["does not cover what it is for", (text: string) => text.replace(";x-cardway-act", "")],
    ["is of another kind", (text: string) => text.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")],
  ])("is not even asked about where it %s", async (_what, change) => {
    const request = await asked(({ authorization: own = "" }) => ({ authorization: change(own) }));
    expect(request).toBeUndefined();
  });
});
