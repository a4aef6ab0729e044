import type { JSX } from "hono/jsx/jsx-runtime";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import type { EvidenceWanted } from "../../functions/console/evidence-archives.ts";
import type { Manifest } from "../../queries/evidence/manifest.ts";
import { Notice } from "../page.tsx";
import { Time } from "../time.tsx";
import { ConsolePage, PageHeading, type Visit } from "./console-layout.tsx";
import { cardPath, withParameters } from "./page-paths.ts";

/** How soon it is asked again whether SageMaker has made the PDF, in milliseconds. */
const lookAgainMs = 2_000;

/** Says that the PDF is being made; the script looks again by itself, and the link by hand. */
export function CollectingPage({
  wanted: { modelCardArn, version },
  path,
  jobArn,
  visit,
}: {
  wanted: EvidenceWanted;
  path: string;
  jobArn: string;
  visit: Visit;
}): JSX.Element {
  const name = nameOf(modelCardArn);
  return (
    <ConsolePage title={`Evidence about ${name}`} place="Cards" visit={visit}>
      <PageHeading
        title={`Evidence about version ${version}`}
        above={{ path: cardPath(modelCardArn), name }}
      />
      <Notice title="SageMaker makes the PDF">
        <p>This takes some seconds.</p>
        <p>
          <a
            href={withParameters(path, { job: jobArn })}
            data-continue
            data-continue-after={String(lookAgainMs)}
          >
            Look again
          </a>
        </p>
      </Notice>
    </ConsolePage>
  );
}

/** What was collected: what is in it, how to keep it, and how to check it later. */
export function CollectedPage({
  manifest: { modelCardArn, version, collectedAt, files },
  manifestSha256,
  address,
  downloadPath,
  visit,
}: {
  manifest: Manifest;
  manifestSha256: string;
  /** Where it is kept in S3. */
  address: string;
  /** `undefined` where it is too large to be downloaded by the console. */
  downloadPath: string | undefined;
  visit: Visit;
}): JSX.Element {
  const name = nameOf(modelCardArn);
  const file = `${name}-v${version}.zip`;
  return (
    <ConsolePage title={`Evidence about ${name}`} place="Cards" visit={visit}>
      <PageHeading
        title={`Evidence about version ${version}`}
        above={{ path: cardPath(modelCardArn), name }}
        lead={
          <>
            Collected on <Time at={collectedAt} />. It holds what is written in the card: keep it as safe as
            the card itself.
          </>
        }
      >
        {downloadPath !== undefined && (
          <div class="answers">
            <a class="button small-button" href={downloadPath} download={file}>
              Download {file}
            </a>
          </div>
        )}
      </PageHeading>
      {downloadPath === undefined && (
        <Notice kind="warn" title="It is too large to be downloaded here">
          <p>
            Copy it from S3: <code>aws s3 cp {address} .</code>
          </p>
        </Notice>
      )}
      <section class="panel" aria-labelledby="keep-heading">
        <h2 id="keep-heading">To check it later</h2>
        <p>
          <code>npx cardway evidence verify {file}</code> compares every file with {"manifest.json"}, the
          audit entry by entry, and the votes with the audit. It needs no network.
        </p>
        <p>Keep the SHA-256 of the manifest apart from the archive, and name it with --sha256:</p>
        <p>
          <code class="hash">{manifestSha256}</code>
        </p>
        <p class="small">
          The archive is kept, too: <code>{address}</code>
        </p>
      </section>
      <section class="panel" aria-labelledby="files-heading">
        <h2 id="files-heading">{files.length} files</h2>
        <div class="scroll" role="group" aria-labelledby="files-heading" tabindex={0}>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="number">
                  Bytes
                </th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {files.map(({ path, bytes, sha256 }) => (
                <tr data-key={path}>
                  <th scope="row">{path}</th>
                  <td class="number" data-label="Bytes">
                    {bytes.toLocaleString("en")}
                  </td>
                  <td data-label="SHA-256">
                    <code class="hash">{sha256}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </ConsolePage>
  );
}
