import type { ModelCardStatus } from "../../events/model-card.ts";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { modelCardArn, type ModelCardReference } from "./model-card-arn.ts";
import type { ModelCardMetadata } from "./model-card-content.ts";
import { compareSortKeys, type SortKey } from "../wire/page.ts";

/** Who created or changed a card. */
export interface UserContext {
  IamIdentity?: { Arn: string; PrincipalId: string };
}

/** A version of a card. Only its status and who changed that when can change. */
export interface ModelCardVersion {
  version: number;
  status: ModelCardStatus;
  /** As it was sent, byte for byte. */
  content: string;
  metadata: ModelCardMetadata;
  creationTime: Date;
  lastModifiedTime: Date;
  /** What comes after the milliseconds of `lastModifiedTime`: six digits. */
  lastModifiedNanoseconds: string;
  lastModifiedBy: UserContext;
}

export interface ModelCard extends ModelCardReference {
  arn: string;
  creationTime: Date;
  createdBy: UserContext;
  kmsKeyId: string | undefined;
  tags: Map<string, string>;
  /** Version 1 first; never empty. */
  versions: [ModelCardVersion, ...ModelCardVersion[]];
  /** When a deletion that was asked for is complete. */
  deletionTime: Date | undefined;
}

type ModelCardOrder = "Name" | "CreationTime";

/** The cards of one account and region. */
interface RegionalModelCards {
  byName: DurableMap<ModelCard>;
  /** Names of cards whose deletion is under way. */
  deleting: Set<string>;
  /** Filled when asked for, dropped when a card comes or goes. */
  sorted: Partial<Record<ModelCardOrder, ModelCard[]>>;
}

/** All model cards of all accounts and regions. */
export class ModelCardStore {
  private readonly context: Pick<LocalContext, "clock" | "journal">;
  private readonly noted: (card: ModelCard, isGone: boolean) => void;
  private readonly regions = new Map<string, RegionalModelCards>();

  /** @param noted - Told of each card that comes, changes or goes, and of those that a restart finds. */
  constructor(
    context: Pick<LocalContext, "clock" | "journal">,
    noted: (card: ModelCard, isGone: boolean) => void = () => undefined,
  ) {
    this.context = context;
    this.noted = noted;
  }

  /** The card, also while it is being deleted; `undefined` once it is gone. */
  find(reference: ModelCardReference): ModelCard | undefined {
    const cards = this.regionOf(reference);
    const card = cards.byName.get(reference.name);
    if (card?.deletionTime === undefined || card.deletionTime > this.context.clock.now()) return card;
    this.remove(card);
    return undefined;
  }

  /** @throws {AwsError} `ResourceNotFound`, or `ValidationException` while the card is being deleted. */
  get(reference: ModelCardReference): ModelCard {
    const card = this.find(reference);
    if (card === undefined) throw modelCardNotFound(reference.name);
    if (card.deletionTime !== undefined) {
      throw new AwsError("ValidationException", "Model card is being deleted");
    }
    return card;
  }

  /** @throws {AwsError} `ConflictException` where the name is taken, also by a card that is being deleted. */
  add(card: Omit<ModelCard, "arn" | "deletionTime">): ModelCard {
    if (this.find(card) !== undefined) {
      throw new AwsError("ConflictException", `Modelcard ${card.name} already exists`);
    }
    const added = { ...card, arn: modelCardArn(card), deletionTime: undefined };
    const cards = this.regionOf(card);
    cards.byName.set(card.name, added);
    const newest = cards.sorted.CreationTime?.at(-1);
    // The usual case, and the reason why creating and listing in turn does not sort everything again and again.
    if (newest !== undefined && newest.creationTime < added.creationTime) {
      cards.sorted = { CreationTime: cards.sorted.CreationTime };
      cards.sorted.CreationTime?.push(added);
    } else cards.sorted = {};
    this.noted(added, false);
    return added;
  }

  /** Begins a deletion that takes `deletingMs` milliseconds. */
  delete(card: ModelCard, deletingMs: number): void {
    if (deletingMs <= 0) {
      this.remove(card);
      return;
    }
    card.deletionTime = new Date(this.context.clock.now().getTime() + deletingMs);
    this.regionOf(card).deleting.add(card.name);
    this.changed(card);
  }

  /** To be called after a card was changed in place. */
  changed(card: ModelCard): void {
    this.regionOf(card).byName.touch(card.name);
    this.noted(card, false);
  }

  /** The cards of an account and region in ascending order. */
  list(owner: Omit<ModelCardReference, "name">, order: ModelCardOrder): readonly ModelCard[] {
    const cards = this.regionOf(owner);
    for (const name of cards.deleting) this.find({ ...owner, name });
    const sorted =
      cards.sorted[order] ??
      [...cards.byName.values()].sort((a, b) =>
        compareSortKeys(modelCardSortKey(a, order), modelCardSortKey(b, order)),
      );
    cards.sorted[order] = sorted;
    return sorted;
  }

  private regionOf({ accountId, region }: Omit<ModelCardReference, "name">): RegionalModelCards {
    const key = `${accountId}/${region}`;
    const known = this.regions.get(key);
    if (known !== undefined) return known;
    const byName = durableMap<ModelCard>(this.context, `sagemaker/cards/${key}`, "versions");
    const deleting = [...byName.values()].filter(({ deletionTime }) => deletionTime !== undefined);
    const cards = { byName, deleting: new Set(deleting.map(({ name }) => name)), sorted: {} };
    this.regions.set(key, cards);
    for (const card of byName.values()) this.noted(card, false);
    return cards;
  }

  private remove(card: ModelCard): void {
    const cards = this.regionOf(card);
    cards.byName.delete(card.name);
    cards.deleting.delete(card.name);
    cards.sorted = {};
    this.noted(card, true);
  }
}

export function modelCardNotFound(name: string): AwsError {
  return new AwsError("ResourceNotFound", `Modelcard ${name} does not exist`);
}

/** What a list of cards is sorted by; no two cards of an account and region share it. */
export function modelCardSortKey(card: ModelCard, order: ModelCardOrder): SortKey {
  return order === "Name" ? [card.name] : [card.creationTime.getTime(), card.name];
}

export function latestVersion({ versions }: ModelCard): ModelCardVersion {
  return versions.at(-1) ?? versions[0];
}

/** @throws {AwsError} `ResourceNotFound` where the card has no version of that number; without a number it is the latest. */
export function versionOf(card: ModelCard, number: number | undefined): ModelCardVersion {
  if (number === undefined) return latestVersion(card);
  const version = card.versions[number - 1];
  if (version === undefined) {
    throw new AwsError(
      "ResourceNotFound",
      `Modelcard with name ${card.name} and version: ${number} does not exist`,
    );
  }
  return version;
}
