import {
  $Command,
  ListTagsOutput$,
  type SageMakerClientResolvedConfig,
  type SearchCommandInput,
  type SearchCommandOutput,
  SearchRequest$,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from "@aws-sdk/client-sagemaker";
import { getEndpointPlugin } from "@smithy/core/endpoints";

type StructureSchema = typeof ListTagsOutput$;

const namespace = "com.amazonaws.sagemaker";
const text = 0;
const number = 1;
const timestamp = 4;
const [, , , , , [tagList = text]] = ListTagsOutput$;

/** Without content: a page can carry 10 MB of it, and nobody reads it here. */
const ModelCard$: StructureSchema = [
  3,
  namespace,
  "ModelCard",
  0,
  ["ModelCardArn", "ModelCardVersion", "ModelCardStatus", "CreationTime", "LastModifiedTime", "Tags"],
  [text, number, text, timestamp, timestamp, tagList],
];
const SearchRecord$: StructureSchema = [3, namespace, "SearchRecord", 0, ["ModelCard"], [() => ModelCard$]];
const SearchResponse$: StructureSchema = [
  3,
  namespace,
  "SearchResponse",
  0,
  ["Results", "NextToken"],
  [() => [1, namespace, "SearchResultsList", 0, () => SearchRecord$], text],
];

/**
 * SageMaker's `Search`, of whose answer nothing is read but model cards without their content. The SDK's own command brings the
 * schemas of all that can be searched for: 36 kB of a bundle.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html
 */
export class SearchModelCardsCommand extends $Command
  .classBuilder<
    SearchCommandInput,
    SearchCommandOutput,
    SageMakerClientResolvedConfig,
    ServiceInputTypes,
    ServiceOutputTypes
  >()
  // As every command of SageMaker's has them.
  .ep({
    UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
    Endpoint: { type: "builtInParams", name: "endpoint" },
    Region: { type: "builtInParams", name: "region" },
    UseDualStack: { type: "builtInParams", name: "useDualstackEndpoint" },
  })
  .m((Command, _stack, config, _options) => [
    getEndpointPlugin(config, Command.getEndpointParameterInstructions()),
  ])
  .s("SageMaker", "Search", {})
  .n("SageMakerClient", "SearchCommand")
  .sc([9, namespace, "Search", 0, () => SearchRequest$, () => SearchResponse$])
  .build() {}
